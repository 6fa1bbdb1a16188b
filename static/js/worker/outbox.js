/* La boîte d'envoi : chaque opération y est chiffrée pour le téléphone et scellée pour le serveur, dans une transaction durable.
 *
 * Une opération écrite ne change plus : elle a pu partir sans que la réponse revienne. Renvoyer le même formulaire est sans effet ;
 * le renvoyer modifié fait une opération de plus ; corriger une opération refusée la remplace par une nouvelle qui la nomme.
 */
import { operationRow } from "./notebook.js";
import { importPublicKey, seal } from "./seal.js";
import { STORES } from "./schema.js";

export const SENDABLE = new Set(["attente", "retenue"]);

/** Comptes écrits en clair : ils se lisent verrouillé, sans rien déchiffrer. */
export async function countOutbox(store) {
  const rows = await store.all(STORES.operations);
  const count = (test) => rows.filter(test).length;
  return {
    attente: count((row) => SENDABLE.has(row.etat)),
    refusees: count((row) => row.etat === "refusee"),
    deposees: count((row) => SENDABLE.has(row.etat) && row.deposee),
    illisibles: count((row) => !row.donnees),
  };
}

const canonical = (value) =>
  JSON.stringify(value, (_key, inner) =>
    inner && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

const sameContent = (a, b) => a.genre === b.genre && a.entite === b.entite && canonical(a.champs) === canonical(b.champs);

/** Reprendre une saisie déjà enregistrée, c'est la modifier. */
const AS_EDIT = {
  noter_entretien: "modifier_entretien",
  creer_personne: "modifier_personne",
  proposer_rendez_vous: "deplacer_rendez_vous",
};

export function createOutbox({ store, etat, now, newId, announce = () => {} }) {
  const turn = { last: Promise.resolve() };

  /** Une écriture à la fois : le compteur de l'appareil ne saute ni ne se répète. */
  function inTurn(work) {
    const result = turn.last.then(work);
    turn.last = result.catch(() => {});
    return result;
  }

  function finish(draft, compteur) {
    const copy = etat.copy(draft.personne);
    const base = copy ? versionIn(copy, draft.entite) : null;
    return {
      id: draft.id,
      genre: draft.genre,
      entite: draft.entite,
      personne: draft.personne,
      base,
      champs: draft.champs,
      compteur,
      heure: new Date(now()).toISOString().replace(/\.\d+Z$/, "Z"),
      remplace: draft.remplace ?? null,
    };
  }

  function versionIn(copy, id) {
    const lists = [copy.mesures, copy.rendez_vous, copy.entretiens];
    const record = copy.personne?.id === id ? copy.personne : lists.flat().find((candidate) => candidate.id === id);
    return record?.version ?? null;
  }

  /** Redire l'issue d'un rendez-vous refusée vaut correction : il n'y a pas de formulaire où la reprendre. */
  function supersededBy({ genre, entite, personne }) {
    if (genre !== "constater_rendez_vous") return null;
    const refused = etat.pendingOn(personne).find(({ op, etat: fate }) => fate === "refusee" && op.genre === genre && op.entite === entite);
    return refused?.op.id ?? null;
  }

  /** null : la même opération attend déjà. */
  function settleIdentity(draft) {
    const known = etat.operation(draft.id);
    if (!known) return { remplace: supersededBy(draft), ...draft };
    if (sameContent(known.op, draft)) return null;
    return { ...draft, id: newId(), genre: AS_EDIT[draft.genre] ?? draft.genre };
  }

  /**
   * @param {CryptoKey} key
   * @param {{id, genre, entite, personne, champs, remplace?}[]} drafts
   * @param {{brouillon?: string|null}} options  brouillon effacé dans la même transaction
   * @returns {Promise<object[]>} les opérations ajoutées
   */
  const add = (key, drafts, { brouillon = null } = {}) =>
    inTurn(async () => {
      const counted = (await store.get(STORES.meta, "compteur")) ?? 0;
      const appareil = await store.get(STORES.meta, "appareil");
      const sealing = etat.reference?.cle_scellement ?? null;
      const serverKey = sealing && (await importPublicKey(sealing.publique));
      const fresh = drafts.map(settleIdentity).filter(Boolean);
      const operations = fresh.map((draft, index) => finish(draft, counted + 1 + index));
      const rows = await Promise.all(
        operations.map(async (op) =>
          operationRow(
            key,
            etat.structure,
            { op, etat: "attente" },
            {
              appareil: appareil?.id ?? null,
              deposee: false,
              scelle: serverKey && { cle: sealing.id, donnees: await seal(op, serverKey) },
            },
          ),
        ),
      );
      const replaced = operations.map((op) => op.remplace).filter((id) => id && etat.operation(id));
      await store.write([STORES.operations, STORES.meta, STORES.brouillons], (objects) => {
        for (const row of rows) objects(STORES.operations).put(row);
        for (const id of replaced) objects(STORES.operations).delete(id);
        objects(STORES.meta).put(counted + operations.length, "compteur");
        if (brouillon) objects(STORES.brouillons).delete(brouillon);
      });
      for (const id of replaced) etat.dropOperation(id);
      for (const op of operations) etat.setOperation({ op, etat: "attente", erreurs: {}, deposee: false });
      await announce();
      return operations;
    });

  return { add, inTurn };
}
