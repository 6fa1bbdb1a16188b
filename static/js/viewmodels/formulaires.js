// Ce que partagent les formulaires : miroir de app/viewmodels/formulaires.py.
import { duree as dureeEnMots, minuscule } from "../domain/francais.js";

const DUREES = [15, 30, 45, 60, 90];

export function premiere(saisie, champ) {
  const brut = saisie?.[champ];
  return typeof brut === "string" ? brut : brut?.[0] ?? "";
}

export function cases(saisie, champ) {
  const brut = saisie[champ];
  return typeof brut === "string" ? [brut] : [...(brut ?? [])];
}

// Le brouillon d’une correction n’est pas celui du formulaire vierge : il garde d’autres identifiants.
export function cleBrouillon(genre, cible, saisie) {
  const remplace = premiere(saisie, "remplace");
  return remplace ? `${genre}:${cible}:${remplace}` : `${genre}:${cible}`;
}

export const cacher = (noms, saisie, contexte, fixes) => [
  ...noms.map((nom) => ({ nom, valeur: premiere(saisie, nom) || contexte.nouvel_identifiant() })),
  ...Object.entries(fixes)
    .filter(([, valeur]) => valeur)
    .map(([nom, valeur]) => ({ nom, valeur })),
];

// La version de la fiche que la page montre : ce que son auteur savait en l’enregistrant.
export const versionMontree = (fiche, saisie, champ = "base") => premiere(saisie, champ) || String(fiche?.version ?? "");

// `libelles` : les noms des champs, quand un message revient.
export function resume(erreurs, ordre, libelles = {}) {
  const rang = (champ) => (ordre.includes(champ) ? ordre.indexOf(champ) : ordre.length);
  return Object.keys(erreurs)
    .sort((a, b) => rang(a) - rang(b) || (a < b ? -1 : 1))
    .map((champ) => ({ champ, message: distingue(champ, erreurs, libelles) }));
}

// « Entrée le : cette date est dans l’avenir. » quand une autre date l'est aussi.
function distingue(champ, erreurs, libelles) {
  const message = erreurs[champ];
  const seul = Object.values(erreurs).filter((dit) => dit === message).length === 1;
  if (seul || !Object.hasOwn(libelles, champ)) return message;
  return `${libelles[champ]}\u202f: ${minuscule(message)}`;
}

export function choixLieux(contexte, choisi, autres = []) {
  const noms = (contexte.reference.lieux ?? []).map((lieu) => lieu.nom);
  const enTete = [...new Set([choisi, ...autres])].filter((nom) => nom && !noms.includes(nom));
  return [...enTete, ...noms].map((nom) => ({ code: nom, libelle: nom, choisi: nom === choisi }));
}

export function choixDurees(choisie) {
  const minutes = [...DUREES];
  const prevue = /^[0-9]+$/.test(choisie) ? Number(choisie) : 0;
  if (prevue > 0 && prevue <= 1440 && !minutes.includes(prevue)) minutes.push(prevue);
  return minutes
    .sort((a, b) => a - b)
    .map((m) => ({ code: String(m), libelle: dureeEnMots(m), choisi: String(m) === choisie }));
}
