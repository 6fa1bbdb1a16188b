// Les pièces d'un dossier : miroir de app/domain/piece.py.
import { LECTEURS } from "#jalon/permissions";

import { ajouterJours, jourDeSemaine } from "./dates.js";
import { charger, forme } from "./formes.js";
import { dateChiffree, minuscule } from "./francais.js";
import { estMasque } from "./masque.js";
import { libelle } from "./nomenclatures.js";
import { valeur as valeurDePersonne } from "./personne.js";

const ACTES = { noter: "noté", modifier: "modifié", retirer: "retiré" };
export const VERBES = Object.keys(ACTES);
export const CLES = ["mesure_id", "partagee"];
const REVISIONS_MAX = 20;

export const estVide = (lue) => lue === null || lue === undefined || lue === "" || (Array.isArray(lue) && !lue.length);

export function piecesDe(dossier, code, mesure = null) {
  const trouvees = (dossier.pieces ?? [])
    .filter((piece) => piece.forme === code && !piece.retiree_le && (!mesure || (piece.mesure_id ?? mesure.id) === mesure.id))
    .map((piece) => [`${jour(piece) ?? ""} ${piece.id}`, piece]);
  return trouvees.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, piece]) => piece);
}

export const derniere = (dossier, code, mesure = null) => piecesDe(dossier, code, mesure).at(-1) ?? null;

export const valeur = ({ valeurs }, champ) => (estVide(valeurs[champ]) ? null : valeurs[champ]);

export function jour(piece) {
  const decrite = forme(piece.forme);
  return (decrite && valeur(piece, decrite.jour)) || null;
}

export function titre(piece, masques = []) {
  const decrite = forme(piece.forme);
  if (!decrite) return piece.forme;
  const mots = decrite.titre.map((nom) => mot(decrite, nom, valeur(piece, nom)));
  return mots.filter((dit) => dit && !estMasque(dit, masques)).join(", ") || decrite.libelle;
}

const DEBUTS = { le: "", jusqu_au: "jusqu’au " };

function mot(decrite, nom, lue) {
  const champ = decrite.champs.find((un) => un.nom === nom);
  if (estVide(lue)) return "";
  if (champ.genre === "code") return libelle(champ.liste, lue);
  if (champ.genre === "jour") return (DEBUTS[nom] ?? (champ.semaine ? "semaine du " : "du ")) + dateChiffree(lue);
  return champ.genre === "heures" ? heures(lue) : String(lue);
}

export const lundiDe = (jour) => ajouterJours(jour, -jourDeSemaine(jour));

export function heures(minutes) {
  const reste = minutes % 60;
  return `${Math.floor(minutes / 60)}\u202fh${reste ? `\u202f${String(reste).padStart(2, "0")}` : ""}`;
}

const GENRES = new Map([...charger().keys()].flatMap((code) => VERBES.map((verbe) => [`${verbe}_${code}`, [verbe, code]])));

// « noter_etape » → ["noter", "etape"] ; rien si ce n'est pas une opération de pièce.
export const genreDePiece = (genre) => GENRES.get(genre) ?? null;

export function acte(genre) {
  const trouve = genreDePiece(genre);
  return trouve ? acteDit(forme(trouve[1]), trouve[0]) : "";
}

// La forme, puis ce qui en a été fait, accordé.
export const acteDit = (decrite, verbe) => `${decrite.libelle}\u202f: ${ACTES[verbe]}${decrite.genre_grammatical === "f" ? "e" : ""}`;

export const estAppele = ({ si }, valeurs) => !si || si.parmi.includes(valeurs[si.champ] ?? null);

export function seLit(decrite, role, partage, champ = null) {
  const lettres = [...(champ?.lecteurs ?? decrite.lecteurs)];
  if (partage === null) return lettres.some((lettre) => lettre !== "P" && LECTEURS[lettre] === role);
  return partage && Boolean(decrite.partageable) && lettres.includes("P");
}

export function quoi(piece) {
  const decrite = forme(piece.forme);
  if (!decrite) return "la fiche";
  const mots = minuscule(decrite.libelle);
  if ("aeiouéêh".includes(mots[0])) return `l’${mots}`;
  return `${decrite.genre_grammatical === "f" ? "la" : "le"} ${mots}`;
}

export function egales(a, b) {
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return a === b;
  const cles = Object.keys(a);
  return cles.length === Object.keys(b).length && cles.every((cle) => egales(a[cle], b[cle]));
}

export const pareilles = (une, autre) => (estVide(une) && estVide(autre)) || egales(une ?? null, autre ?? null);

export function modifiee(piece, { champs, heure }, qui) {
  const noms = Object.keys(champs);
  const cles = noms.filter((nom) => CLES.includes(nom));
  const avant = (nom) => (CLES.includes(nom) ? piece[nom] : piece.valeurs[nom]) ?? null;
  const changes = noms.filter((nom) => !pareilles(avant(nom), champs[nom])).map((nom) => [nom, avant(nom)]);
  const valeurs = { ...piece.valeurs, ...champs };
  const revision = { le: heure, par_nom: qui, champs: Object.fromEntries(changes) };
  return {
    ...Object.fromEntries(cles.map((nom) => [nom, champs[nom]])),
    valeurs: Object.fromEntries(Object.entries(valeurs).filter(([nom, lue]) => !CLES.includes(nom) && !estVide(lue))),
    revisions: [...(changes.length ? [revision] : []), ...piece.revisions].slice(0, REVISIONS_MAX),
  };
}

// La personne accepte-t-elle, ce jour-là, que l'on partage avec un binôme ?
export function accordDePartage({ personne }, jour) {
  // Le partenaire ne lit pas ce champ ; le serveur lui dit s'il vaut.
  return Boolean(personne.en_binome ? personne.en_binome.accord : valeurDePersonne(personne, "accord_partage", jour));
}
