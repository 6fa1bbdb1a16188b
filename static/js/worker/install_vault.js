/* Préparer le téléphone : créer le coffre, puis recevoir le premier échange page après page, avec une avancée vraie.
 *
 * Le coffre est écrit avec la première page : un téléphone éteint au milieu se rouvre avec sa phrase et reprend à son curseur.
 * Le premier échange n'est dit complet que lorsque le serveur annonce qu'il n'y a plus de suite.
 */
import { encrypt } from "./cipher.js";
import { makeVerifier } from "./code.js";
import { isAnswer } from "./ingest.js";
import { countOwed, giveAllAgain } from "./kept.js";
import { DEVICE, referenceRow } from "./notebook.js";
import { STORES } from "./schema.js";
import { DEFAULT_GRACE } from "./session.js";
import { keepSealed, placeOfCode } from "./unlock.js";
import { createVault } from "./vault.js";
import { PROTOCOL } from "./exchange.js";

const SAY = {
  deja: "Ce téléphone est déjà préparé.",
  session: "Votre connexion a expiré\u202f: reconnectez-vous, puis recommencez.",
  autre: "Le serveur n’a pas répondu. Vérifiez la connexion puis recommencez\u202f: rien n’est perdu.",
};

/** Ce que le carnet d'avant savait et que celui-ci ne sait pas. */
const FORGOTTEN = ["curseur", "tentatives", "retraits", "envoyees", "a_confirmer", "dernier_echange", "dernier_resultat", "revoque", "efface"];

export function createInstall({ store, etat, session, transport, ingest, exchange, now, newId, settled }) {
  async function firstPage(appareil) {
    const answer = await transport.post("/sync", {
      protocole: PROTOCOL,
      appareil,
      curseur: null,
      heure_appareil: new Date(now()).toISOString().replace(/\.\d+Z$/, "Z"),
      reference: null,
      operations: [],
    });
    if (answer.issue === "reponse" && isAnswer(answer.corps) && answer.corps.reference) return answer.corps;
    throw new Error(answer.message ?? (answer.issue === "session" ? SAY.session : SAY.autre));
  }

  async function writeVault({ appareil, envelopes, code, structure, utilisateur, device }) {
    const [depots, compteur, left, kept] = await Promise.all([
      store.get(STORES.meta, "depots"),
      store.get(STORES.meta, "compteur"),
      store.all(STORES.operations),
      store.all(STORES.gardees),
    ]);
    const vault = { version: 1, id: newId(), etat: "present", structure, utilisateur, enveloppes: envelopes, code };
    await store.write(Object.values(STORES), (objects) => {
      for (const name of [STORES.dossiers, STORES.brouillons, STORES.reference, STORES.annuaire]) objects(name).clear();
      const deposited = keepSealed(objects, left);
      giveAllAgain(objects, [...kept, ...deposited]);
      const meta = objects(STORES.meta);
      for (const key of FORGOTTEN) meta.delete(key);
      meta.put(vault, "coffre");
      meta.put({ id: appareil.id }, "appareil");
      objects(STORES.reference).put(device);
      meta.put({ ...depots, [appareil.id]: appareil.depot }, "depots");
      meta.put({ complet: false }, "premier_echange");
      meta.put(compteur ?? 0, "compteur");
    });
  }

  /**
   * @param {{appareil: {id, nom, depot}, phrase?: string, prf?: object, code?: string, remplacer?: boolean, iterations?: number}} choices
   *   remplacer : un carnet est là, et s'en va (phrase oubliée, ou celui d'une autre personne) ; il tient jusqu'à ce que le neuf soit écrit
   * @param {(avancement: {recus: number, restant: number}) => void} progress
   */
  return async function install({ appareil, phrase, prf, code, remplacer = false, iterations }, progress) {
    const existing = await store.get(STORES.meta, "coffre");
    if (existing && existing.etat !== "detruit" && !remplacer) throw new Error(SAY.deja);
    const { key, envelopes } = await createVault({ phrase, prf, iterations });
    const page = await firstPage(appareil.id);
    const structure = page.reference.structure.id;
    const verifier = code ? await makeVerifier(code) : null;
    await writeVault({
      appareil,
      envelopes,
      structure,
      utilisateur: page.reference.utilisateur.id,
      device: await referenceRow(key, structure, DEVICE, { id: appareil.id, nom: appareil.nom }),
      code: verifier && (await encrypt(key, verifier, placeOfCode(structure))),
    });
    await session.open(key, { code: verifier, grace_ms: (page.reference.structure.grace_minutes ?? 5) * 60_000 || DEFAULT_GRACE });
    etat.load({ structure, reference: page.reference, appareil: { id: appareil.id, nom: appareil.nom }, dossiers: [], operations: [] });
    const first = await ingest(key, page);
    if (!first) return { resultat: "verrouille" };
    progress({ recus: first.recus, restant: page.restant ?? 0 });
    if (!page.suite && !(await countOwed(store))) {
      await settled({ resultat: "fait" });
      return { resultat: "fait" };
    }
    const rest = await exchange.run({
      progress: ({ recus, restant }) => progress({ recus: first.recus + recus, restant }),
    });
    await settled(rest);
    return rest;
  };
}
