// Ce que partagent les formulaires : miroir de app/viewmodels/formulaires.py.
import { duree as dureeEnMots } from "../domain/francais.js";

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

export function resume(erreurs, ordre) {
  const rang = (champ) => (ordre.includes(champ) ? ordre.indexOf(champ) : ordre.length);
  return Object.keys(erreurs)
    .sort((a, b) => rang(a) - rang(b) || (a < b ? -1 : 1))
    .map((champ) => ({ champ, message: erreurs[champ] }));
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
