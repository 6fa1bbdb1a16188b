/* La boîte d'envoi : chaque opération y est chiffrée pour le téléphone et scellée pour le serveur, dans une transaction durable.
 *
 * Une opération écrite ne change plus : elle a pu partir sans que la réponse revienne. Renvoyer le même formulaire est sans effet ;
 * le renvoyer modifié fait une opération de plus ; corriger une opération refusée la remplace par une nouvelle qui la nomme.
 */
import { findRecord, versionOf } from "./dossier.js";
import { settleIdentity } from "./identity.js";
import { operationRow, readOperation } from "./notebook.js";
import { importPublicKey, seal } from "./seal.js";
import { STORES } from "./schema.js";

/** Ce que l'on n'a pas vu peut être n'importe où dans le dossier. */
const ON_DOSSIER = new Set(["archiver_dossier", "rouvrir_dossier"]);

export const SENDABLE = new Set(["attente", "retenue"]);

/** Une fiche dite venue, puis absente, puis corrigée : trois opérations, et une seule fiche pour qui l'a notée. */
export const sheets = (rows) => new Set(rows.map(({ id, fiche }) => fiche ?? id));

/**
 * Comptes écrits en clair : ils se lisent verrouillé, sans rien déchiffrer. `attente` et `deposees` comptent des fiches ; `operations`,
 * ce qui voyage.
 */
export async function countOutbox(store) {
  const rows = await store.all(STORES.operations);
  const waiting = rows.filter((row) => SENDABLE.has(row.etat));
  const undeposited = sheets(waiting.filter((row) => !row.deposee));
  return {
    operations: waiting.length,
    attente: sheets(waiting).size,
    refusees: rows.filter((row) => row.etat === "refusee").length,
    deposees: [...sheets(waiting)].filter((fiche) => !undeposited.has(fiche)).length,
  };
}

/** Le compteur s'est perdu : il reprend après la plus haute des opérations que ce téléphone tient encore. */
async function highest(store) {
  const rows = await Promise.all([store.all(STORES.operations), store.all(STORES.gardees)]);
  return rows.flat().reduce((most, { compteur }) => (Number.isSafeInteger(compteur) ? Math.max(most, compteur) : most), 0);
}

export function createOutbox({ store, etat, now, newId }) {
  const turn = { last: Promise.resolve() };
  const aside = { id: null, rows: [] };

  /** Une écriture à la fois : le compteur de l'appareil ne saute ni ne se répète. */
  function inTurn(work) {
    const result = turn.last.then(work);
    turn.last = result.catch(() => {});
    return result;
  }

  function finish(draft, compteur) {
    const copy = etat.copy(draft.personne);
    // La version que le formulaire montrait : un échange a pu en apporter une autre pendant qu'il se remplissait.
    const base = draft.base ?? (copy ? versionIn(copy, draft) : null);
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

  /** Ce que la personne avait sous les yeux : la fiche, ou, pour archiver et rouvrir, le dossier entier. */
  const versionIn = (copy, { genre, entite }) => (ON_DOSSIER.has(genre) ? versionOf(copy) : (findRecord(copy, entite)?.version ?? null));

  /**
   * @param {CryptoKey} key
   * @param {{id, genre, entite, personne, champs, remplace?}[]} drafts
   * @param {{brouillon?: string|null}} options  brouillon effacé dans la même transaction
   * @returns {Promise<object[]>} les opérations ajoutées
   */
  const add = (key, drafts, { brouillon = null } = {}) =>
    inTurn(async () => {
      const [written, appareil, sent = []] = await Promise.all(
        ["compteur", "appareil", "envoyees"].map((name) => store.get(STORES.meta, name)),
      );
      const counted = Number.isSafeInteger(written) ? written : await highest(store);
      const sealing = etat.reference?.cle_scellement ?? null;
      const serverKey = sealing && (await importPublicKey(sealing.publique));
      const known = new Set(sent);
      const fresh = drafts.map((draft) => settleIdentity(etat, { draft, sent: known, newId })).filter(Boolean);
      const operations = fresh.map((draft, index) => finish(draft, counted + 1 + index));
      const rows = await Promise.all(
        operations.map(async (op) =>
          operationRow(
            key,
            etat.structure,
            { op, etat: "attente" },
            {
              fiche: op.entite,
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
      return operations;
    });

  /**
   * Renoncer à ce que le serveur a refusé, et à ce qui en dépend (`chain` : il ne l'a pas pris, faute de ce qui est refusé). Son
   * journal garde trace du refus ; les lignes chiffrées restent de côté le temps d'un « Annuler ».
   * @returns {Promise<boolean>} faux : cette opération n'est pas, ou plus, refusée
   */
  const giveUp = (id, chain = []) =>
    inTurn(async () => {
      if (etat.operation(id)?.etat !== "refusee") return false;
      const given = new Set([id, ...chain]);
      const rows = (await store.all(STORES.operations)).filter((row) => given.has(row.id));
      await store.write([STORES.operations], (objects) => {
        for (const row of rows) objects(STORES.operations).delete(row.id);
      });
      Object.assign(aside, { id, rows });
      for (const row of rows) etat.dropOperation(row.id);
      return true;
    });

  /** @returns {Promise<boolean>} faux : il est trop tard pour revenir en arrière */
  const takeBack = (key, id) =>
    inTurn(async () => {
      if (aside.id !== id) return false;
      const { rows } = aside;
      const entries = await Promise.all(rows.map((row) => readOperation(key, etat.structure, row)));
      await store.write([STORES.operations], (objects) => {
        for (const row of rows) objects(STORES.operations).put(row);
      });
      Object.assign(aside, { id: null, rows: [] });
      for (const entry of entries) etat.setOperation(entry);
      return true;
    });

  /** Ce qu'une ligne abîmée a perdu, pli compris : il n'en reste que le compte, jusqu'à ce que la personne l'ait vu. */
  const lost = async () => (await store.all(STORES.operations)).filter(({ perdue, etat: fate }) => perdue && fate === "refusee");

  const forgetLost = () =>
    inTurn(async () => {
      const rows = await lost();
      await store.write([STORES.operations], (objects) => {
        for (const { id } of rows) objects(STORES.operations).delete(id);
      });
    });

  return { add, giveUp, takeBack, lost, forgetLost, inTurn };
}
