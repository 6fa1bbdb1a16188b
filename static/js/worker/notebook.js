/* Le carnet déverrouillé : tout déchiffrer en mémoire à l'ouverture, et chiffrer ce qui retourne au magasin. */
import { decrypt, encrypt, place } from "./cipher.js";
import { complete, versionOf } from "./dossier.js";
import { STORES } from "./schema.js";

const OPERATION_FORMAT = 1;

export const placeOfDossier = (structure, row) => place(structure, STORES.dossiers, row.id, row.version);
export const placeOfOperation = (structure, id) => place(structure, STORES.operations, id, OPERATION_FORMAT);
const placeOfResult = (structure, id) => place(structure, "resultats", id, OPERATION_FORMAT);
const placeOfReference = (structure, id) => place(structure, STORES.reference, id, 1);

export async function dossierRow(key, structure, id, dossier) {
  const row = { id, version: versionOf(dossier) };
  return { ...row, donnees: await encrypt(key, dossier, placeOfDossier(structure, row)) };
}

/** Ce qui n'est d'aucun dossier : la référence de la structure, et le nom donné à l'appareil. */
export const referenceRow = async (key, structure, id, value) => ({
  id,
  donnees: await encrypt(key, value, placeOfReference(structure, id)),
});

export const REFERENCE = "reference";
export const DEVICE = "appareil";

export async function operationRow(key, structure, { op, etat, erreurs = {} }, kept) {
  return {
    ...kept,
    id: op.id,
    compteur: op.compteur,
    etat,
    donnees: await encrypt(key, op, placeOfOperation(structure, op.id)),
    resultat: await encrypt(key, erreurs, placeOfResult(structure, op.id)),
  };
}

export async function readOperation(key, structure, row) {
  const [op, erreurs] = await Promise.all([
    decrypt(key, row.donnees, placeOfOperation(structure, row.id)),
    row.resultat ? decrypt(key, row.resultat, placeOfResult(structure, row.id)) : {},
  ]);
  return { op, etat: row.etat, erreurs, deposee: row.deposee === true };
}

/** Tout ce qui est chiffré, d'un même instant du magasin ; se lit sans la clé, donc pendant qu'on la demande. */
export const readRows = (store) => store.snapshot([STORES.dossiers, STORES.operations, STORES.reference]);

export async function openReferences(rows, key, structure) {
  const read = (id) => {
    const row = rows.find((candidate) => candidate.id === id);
    return row ? decrypt(key, row.donnees, placeOfReference(structure, id)) : null;
  };
  const [reference, appareil] = await Promise.all([read(REFERENCE), read(DEVICE)]);
  return { reference, appareil };
}

/**
 * Déchiffre un instant du magasin.
 * Une opération sans contenu lisible (clé détruite : il n'en reste que le pli scellé) ne se montre pas, mais reste comptée.
 */
export async function openRows(rows, key, structure) {
  const [dossiers, operations, references] = await Promise.all([
    Promise.all(
      rows.dossiers.map(async (row) => [row.id, complete(await decrypt(key, row.donnees, placeOfDossier(structure, row)))]),
    ),
    Promise.all(rows.operations.filter((row) => row.donnees).map((row) => readOperation(key, structure, row))),
    openReferences(rows.reference, key, structure),
  ]);
  operations.sort((a, b) => a.op.compteur - b.op.compteur);
  return { structure, ...references, dossiers, operations };
}
