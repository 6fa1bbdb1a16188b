/* Les plis scellés : ce qui a été noté peut quitter un téléphone verrouillé, dont la clé est détruite ou la phrase oubliée.
 *
 * Le dépôt ne sait que déposer : il s'autorise du secret de l'appareil, jamais de la session du moment (une autre personne a pu
 * s'y connecter). Une opération déposée n'est effacée qu'à l'échange suivant, qui la dit arrivée ; si sa clé est détruite il n'y
 * aura plus d'échange pour elle, et la réponse au dépôt suffit.
 */
import { outcome } from "./ingest.js";
import { keptRow } from "./kept.js";
import { isSealed, lodge } from "./lodging.js";
import { SENDABLE, sheets } from "./outbox.js";
import { STORES } from "./schema.js";

const BATCH = 100;

/** D'un appareil révoqué, le serveur garde pour le chef de service ce qu'il n'a pas pu appliquer, et répond « depose ». */
const fateOf = (result) => (result.statut === "depose" ? "arrivee" : outcome(result));

/**
 * Ce qui reste d'une opération quand la clé qui la chiffrait s'en va : son pli, s'il n'est pas encore chez le serveur. Déposée, elle n'a
 * plus rien à attendre ; refusée au dépôt, elle reste comptée comme refusée.
 * @returns {object|null} null : la ligne n'a plus lieu d'être
 */
export function withoutContent({ donnees: _donnees, resultat: _resultat, ...row }) {
  if (!row.deposee || !SENDABLE.has(row.etat)) return row;
  return row.depot === "refusee" ? { ...row, etat: "refusee" } : null;
}

/**
 * Ce qui n'est pas chez le serveur : `restantes` peut encore partir, sous pli ; `sans_pli` ne partira plus sans la clé ; `refusees` a été
 * lu par le serveur, mais ne pourrait plus se corriger ici.
 */
export async function leftBehind(store) {
  const rows = await store.all(STORES.operations);
  const waiting = rows.filter((row) => SENDABLE.has(row.etat) && !row.deposee);
  return {
    restantes: sheets(waiting).size,
    sans_pli: sheets(waiting.filter((row) => !isSealed(row))).size,
    refusees: rows.filter((row) => row.etat === "refusee" && row.donnees).length,
  };
}

export function createDeposit({ store, outbox, transport }) {
  const depositable = (rows, { tout, illisibles }) =>
    rows
      .filter((row) => isSealed(row) && (tout || (SENDABLE.has(row.etat) && !row.deposee)) && !(illisibles && row.donnees))
      .sort((a, b) => a.compteur - b.compteur);

  /** La ligne d'une opération après la réponse à son dépôt ; null : elle n'a plus rien à attendre. */
  function afterDeposit(row, fate) {
    // Retenu, un pli n'a pas été gardé : il est à déposer de nouveau.
    if (row.donnees || fate === "retenue") return { ...row, deposee: fate !== "retenue", depot: fate };
    return fate === "arrivee" ? null : { ...row, deposee: true, etat: fate };
  }

  /** Chaque ligne est relue dans la transaction : ce qu'un échange ou une correction a réglé pendant le dépôt ne revient pas. */
  const record = (rows, results) =>
    outbox.inTurn(async () => {
      const asked = new Set(rows.map(({ id }) => id));
      const settled = results.filter(({ id }) => asked.has(id));
      await store.write([STORES.operations, STORES.gardees], (objects) => {
        const operations = objects(STORES.operations);
        for (const result of settled) {
          const reading = operations.get(result.id);
          reading.onsuccess = () => {
            if (!reading.result) return;
            const row = afterDeposit(reading.result, fateOf(result));
            if (row) {
              operations.put(row);
              return;
            }
            operations.delete(result.id);
            // Aucun échange ne la dira plus arrivée ; une base restaurée pourrait l'avoir perdue.
            objects(STORES.gardees).put(keptRow(reading.result));
          };
        }
      });
      return settled.length;
    });

  /**
   * @param {{tout?: boolean, illisibles?: boolean}} options  `tout` : aussi ce qui est refusé ou déjà déposé, quand ce téléphone ne dira
   *   plus rien d'autre ; `illisibles` : seulement ce qu'aucune clé d'ici ne lit plus
   * @returns {Promise<{resultat: string, deposees: number, attendre?: number|null}>}
   */
  return async function deposit({ tout = false, illisibles = false } = {}) {
    const [rows, secrets] = await Promise.all([store.all(STORES.operations), store.get(STORES.meta, "depots")]);
    let deposees = 0;
    for (const [appareil, secret] of Object.entries(secrets ?? {})) {
      const mine = depositable(rows, { tout, illisibles }).filter((row) => row.appareil === appareil);
      for (let start = 0; start < mine.length; start += BATCH) {
        const batch = mine.slice(start, start + BATCH);
        const answer = await lodge(transport, appareil, secret, batch);
        if (answer.issue !== "reponse") return { resultat: answer.issue, attendre: answer.attendre, deposees };
        if (!Array.isArray(answer.corps.resultats)) return { resultat: "pas_une_reponse", deposees };
        deposees += await record(batch, answer.corps.resultats);
      }
    }
    return { resultat: "depose", deposees };
  };
}
