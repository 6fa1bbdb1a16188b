/* Le carnet déverrouillé : tout déchiffrer en mémoire à l'ouverture, et chiffrer ce qui retourne au magasin. */
import { TERRAIN } from "#jalon/permissions";
import { decrypt, encrypt, place } from "./cipher.js";
import { createReading, isSound } from "./damage.js";
import { COLLECTIONS, complete, versionOf } from "./dossier.js";
import { openDraft } from "./drafts.js";
import { STORES } from "./schema.js";

const OPERATION_FORMAT = 1;

export const placeOfDossier = (structure, row) => place(structure, STORES.dossiers, row.id, row.version);
const placeOfOperation = (structure, id) => place(structure, STORES.operations, id, OPERATION_FORMAT);
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

/** La raison d'un refus peut se perdre sans la fiche refusée : la renvoyer la fera redire. */
const NO_REASON = { general: ["La raison de ce refus ne se lit plus sur ce téléphone. Renvoyez pour la connaître."] };

export async function readOperation(key, structure, row) {
  const [op, erreurs] = await Promise.all([
    decrypt(key, row.donnees, placeOfOperation(structure, row.id)),
    row.resultat ? decrypt(key, row.resultat, placeOfResult(structure, row.id)).catch(() => (row.etat === "refusee" ? NO_REASON : {})) : {},
  ]);
  return { op, etat: row.etat, erreurs, deposee: row.deposee === true };
}

/** Tout ce qui est chiffré, d'un même instant du magasin ; se lit sans la clé, donc pendant qu'on la demande. */
export const readRows = (store) => store.snapshot([STORES.dossiers, STORES.operations, STORES.reference, STORES.brouillons]);

export async function openReferences(rows, key, structure) {
  const read = (id) => {
    const row = rows.find((candidate) => candidate.id === id);
    return row ? decrypt(key, row.donnees, placeOfReference(structure, id)) : null;
  };
  const [reference, appareil] = await Promise.all([read(REFERENCE), read(DEVICE)]);
  return { reference, appareil };
}

const isRecord = (value) => typeof value === "object" && value !== null && typeof value.id === "string";

/** Déchiffré ne veut pas dire entier : ce que le reste du carnet tient pour acquis est vérifié ici, une fois. */
function checked(value, isWhole) {
  if (!isWhole) throw new TypeError("Cette ligne n’a pas la forme attendue.");
  return value;
}

async function readDossier(key, structure, row) {
  const dossier = complete(await decrypt(key, row.donnees, placeOfDossier(structure, row)));
  const lists = Object.values(COLLECTIONS).map((name) => dossier[name]);
  const mine = [dossier.personne, dossier.cahier].every((holder) => !holder || holder.id === row.id);
  const whole = mine && [...lists, dossier.feuilles ?? []].every((list) => Array.isArray(list) && list.every(isRecord));
  return [row.id, checked(dossier, whole)];
}

async function readEntry(key, structure, row) {
  const entry = await readOperation(key, structure, row);
  const { op } = entry;
  checked(entry, isSound(row));
  const named = ["genre", "entite", "personne"].every((name) => typeof op?.[name] === "string");
  return checked(entry, named && op.id === row.id && typeof op.champs === "object" && op.champs !== null);
}

async function readReferenceRow(key, structure, row) {
  const value = await decrypt(key, row.donnees, placeOfReference(structure, row.id));
  const whole = row.id !== REFERENCE || [value?.structure, value?.utilisateur].every(isRecord);
  return checked(value, whole);
}

/** De quoi ouvrir le carnet en attendant que la vraie revienne, au prochain échange : un rôle du terrain ; le serveur, lui, sait lequel. */
const standIn = (structure, utilisateur) => ({
  structure: { id: structure, nom: "" },
  utilisateur: { id: utilisateur, nom: "", prenom: "", role: TERRAIN[0] },
  conventions: [],
  lieux: [],
  collegues: [],
  cle_scellement: null,
  empreinte: null,
});

/**
 * Déchiffre un instant du magasin. `abimees` : les lignes qui ne se lisent plus, par magasin.
 * Une opération sans contenu lisible (clé détruite : il n'en reste que le pli scellé) ne se montre pas, mais reste comptée.
 */
export async function openRows(rows, key, { structure, utilisateur = null }) {
  const { read, result } = createReading();
  const each = async (list, work) => (await Promise.all(list.map(work))).filter(Boolean);
  const readReference = async (id) => {
    const row = rows.reference.find((candidate) => candidate.id === id);
    return row ? read(STORES.reference, row, () => readReferenceRow(key, structure, row)) : null;
  };
  const [dossiers, operations, reference, appareil] = await Promise.all([
    each(rows.dossiers, (row) => read(STORES.dossiers, row, () => readDossier(key, structure, row))),
    each(
      rows.operations.filter((row) => row.donnees || !isSound(row)),
      (row) => read(STORES.operations, row, () => readEntry(key, structure, row)),
    ),
    readReference(REFERENCE),
    readReference(DEVICE),
    ...rows.brouillons.map((row) => read(STORES.brouillons, row, () => openDraft(key, structure, row))),
  ]);
  operations.sort((a, b) => a.op.compteur - b.op.compteur);
  return { structure, reference: reference ?? standIn(structure, utilisateur), appareil, dossiers, operations, abimees: result() };
}
