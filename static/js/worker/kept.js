/* Les plis gardés : ce que le serveur a pris reste ici sous pli, illisible, jusqu'à ce qu'une sauvegarde confirmée le contienne.
 *
 * Un serveur restauré d'une sauvegarde plus ancienne a perdu ce qu'il avait pris depuis : il le dit (`restauree`), et ce téléphone le
 * lui redonne avant tout autre envoi. Ce qu'il avait gardé se redonne sans se doubler.
 */
import { outcome } from "./ingest.js";
import { isSealed, lodge } from "./lodging.js";
import { STORES } from "./schema.js";

const DAY = 86_400_000;
const LONGEST = 30 * DAY;
const BATCH = 100;

/** Ce qui reste d'une opération arrivée ; null si elle n'a pas de pli. `recu_le` : l'heure du serveur qui l'a dite arrivée, s'il l'a dite. */
export const keptRow = ({ id, appareil, compteur, scelle }, recu_le = null) =>
  scelle ? { id, appareil, compteur, scelle, recu_le, redonner: false } : null;

/**
 * Un carnet neuf part sans curseur : le serveur ne lui dira pas qu'il a été restauré depuis. Tous les plis gardés sont donc à redonner ;
 * à ceux qu'il tient encore, il redit sa première réponse.
 */
export function giveAllAgain(objects, rows) {
  for (const row of rows) objects(STORES.gardees).put({ ...row, redonner: true });
  if (rows.length) objects(STORES.meta).put(true, "a_redonner");
}

/** Ce qu'une base restaurée n'a pas encore repris. Hors de ce cas, rien n'est lu. */
export const countOwed = async (store) =>
  (await store.get(STORES.meta, "a_redonner")) ? (await store.all(STORES.gardees)).filter(({ redonner }) => redonner).length : 0;

/** Ce qui n'empêche que les plis d'un autre appareil que celui-ci : passé à une autre personne, il n'a plus de quoi en répondre. */
const ITS_OWN = new Set(["appareil_inconnu", "autre_compte", "revoque"]);

/** Toute sauvegarde confirmée après son arrivée la contient ; passé trente jours, on n'attend plus. */
const isSafe = ({ recu_le, redonner }, answer) =>
  !redonner &&
  recu_le !== null &&
  (Date.parse(answer.sauvegarde?.instant ?? 0) >= Date.parse(recu_le) || Date.parse(answer.heure_serveur) - Date.parse(recu_le) > LONGEST);

/**
 * Ce que le rangement d'une réponse doit écrire parmi les plis gardés.
 * @param {object} parts  store ; answer ; arrived : les lignes de la boîte d'envoi que cette réponse dit arrivées
 * @returns {Promise<{puts: object[], deletes: string[], give: boolean}>}
 */
export async function keepAfter({ store, answer, arrived }) {
  const rows = arrived.map((row) => keptRow(row, answer.heure_serveur)).filter(Boolean);
  const known = await store.get(STORES.meta, "sauvegarde");
  const news = answer.restauree === true || (answer.sauvegarde?.instant ?? null) !== (known ?? null);
  if (!news) return { puts: rows, deletes: [], give: false };
  const before = await store.all(STORES.gardees);
  const dated = before.map((row) => ({ ...row, recu_le: row.recu_le ?? answer.heure_serveur, redonner: answer.restauree === true || row.redonner }));
  const deletes = dated.filter((row) => isSafe(row, answer)).map(({ id }) => id);
  const gone = new Set(deletes);
  return { puts: [...dated.filter(({ id }) => !gone.has(id)), ...rows], deletes, give: answer.restauree === true };
}

/** @param {{store, outbox, transport}} parts */
export function createGiveBack({ store, outbox, transport }) {
  /** Un pli abîmé ne se redonne pas : ce qu'il tenait est perdu si la base l'a perdu, et cela se compte. */
  const giveUpOn = (rows) =>
    outbox.inTurn(() =>
      store.write([STORES.gardees, STORES.operations], (objects) => {
        for (const { id, appareil, compteur } of rows) {
          objects(STORES.operations).put({ id, appareil, compteur, scelle: null, etat: "refusee", deposee: true, depot: "refusee", perdue: true });
          objects(STORES.gardees).delete(id);
        }
      }),
    );

  /** Refusée cette fois : elle redevient une fiche refusée, comptée et visible ; retenue, elle se redonnera. */
  const record = (rows, results) =>
    outbox.inTurn(async () => {
      const fates = new Map(results.map((result) => [result.id, outcome(result)]));
      await store.write([STORES.gardees, STORES.operations], (objects) => {
        const kept = objects(STORES.gardees);
        for (const row of rows) {
          const fate = fates.get(row.id);
          if (fate === "arrivee") kept.put({ ...row, redonner: false, recu_le: null });
          if (fate !== "refusee") continue;
          const { recu_le: _recu, redonner: _redonner, ...sealed } = row;
          objects(STORES.operations).put({ ...sealed, etat: "refusee", deposee: true, depot: "refusee" });
          kept.delete(row.id);
        }
      });
    });

  async function give(appareil, secret, rows) {
    for (let start = 0; start < rows.length; start += BATCH) {
      const batch = rows.slice(start, start + BATCH);
      let answer = await lodge(transport, appareil, secret, batch);
      // La base restaurée peut ne plus connaître ce secret ; la session de la personne, elle, vaut pour ses appareils.
      if (answer.issue === "session") answer = await lodge(transport, appareil, null, batch);
      if (answer.issue !== "reponse") return answer;
      if (!Array.isArray(answer.corps.resultats)) return { issue: "pas_une_reponse" };
      await record(batch, answer.corps.resultats);
    }
    return null;
  }

  /** @returns {Promise<object|null>} ce qui a empêché de tout redonner ; null : il n'y a plus rien, ou seulement ce qui attend un autre */
  return async function giveBack() {
    if (!(await store.get(STORES.meta, "a_redonner"))) return null;
    const [rows, secrets, here] = await Promise.all([
      store.all(STORES.gardees),
      store.get(STORES.meta, "depots"),
      store.get(STORES.meta, "appareil"),
    ]);
    const wanted = rows.filter(({ redonner }) => redonner).sort((a, b) => a.compteur - b.compteur);
    const [asked, torn] = [wanted.filter(isSealed), wanted.filter((row) => !isSealed(row))];
    if (torn.length) await giveUpOn(torn);
    for (const appareil of new Set(asked.map((row) => row.appareil))) {
      const stopped = await give(appareil, secrets?.[appareil] ?? null, asked.filter((row) => row.appareil === appareil));
      if (stopped && (appareil === here?.id || !ITS_OWN.has(stopped.issue))) return stopped;
    }
    const left = (await store.all(STORES.gardees)).some(({ redonner }) => redonner);
    if (!left) await store.write([STORES.meta], (objects) => objects(STORES.meta).delete("a_redonner"));
    return null;
  };
}
