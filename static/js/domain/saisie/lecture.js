// Les lectures élémentaires d'un formulaire : miroir de app/domain/saisie/lecture.py.
// Une saisie est un objet {champ: texte | [textes]}.
import { lireHeure as heureLue, lireJour as jourLu } from "../dates.js";
import { estIdentifiant } from "../identifiant.js";

export const TEXTE_COURT = 200;
export const TEXTE_LONG = 10_000;
const DUREE_MAX = 1_440;
const DUREE_HABITUELLE = 240;
export const INCOMPLET = "Ce formulaire est incomplet\u202f: rouvrez la page et recommencez.";

const BORDS = /^[ \t\n\r\u00a0\u2009\u202f\ufeff]+|[ \t\n\r\u00a0\u2009\u202f\ufeff]+$/g;
// eslint-disable-next-line no-control-regex -- ce sont eux que l'on retire
const CONTROLES = /[\u0000-\u0008\u000b-\u001f\u007f]/g;
const COURRIEL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;
const CODE_COMMUNE = /^\d[\dAB]\d{3}$/;

export const presente = (saisie, champ) => Object.hasOwn(saisie, champ);

export const texte = (saisie, champ) => liste(saisie, champ)[0] ?? "";

export function liste(saisie, champ) {
  const brut = presente(saisie, champ) ? saisie[champ] : [];
  return (typeof brut === "string" ? [brut] : brut ?? [])
    .map((valeur) => valeur.replaceAll("\r\n", "\n").replace(CONTROLES, "").replace(BORDS, ""))
    .filter(Boolean);
}

export const nouveauResultat = () => ({ champs: {}, erreurs: {}, avertissements: {}, operations: [] });

export function lireTexte(resultat, saisie, champ, limite = TEXTE_COURT) {
  const valeur = texte(saisie, champ);
  if (valeur.length > limite && [...valeur].length > limite) {
    resultat.erreurs[champ] = `Ce texte est trop long\u202f: ${limite} caractères au plus.`;
  }
  return valeur || null;
}

export function lireJour(resultat, saisie, champ, absent = null) {
  const valeur = texte(saisie, champ);
  const jour = jourLu(valeur);
  if (!valeur && absent) resultat.erreurs[champ] = absent;
  else if (valeur && jour === null) resultat.erreurs[champ] = "Cette date n’est pas valable\u202f: écrivez-la comme 26/11/2026, entre 1900 et 2100.";
  return jour;
}

export function lireHeure(resultat, saisie, champ, absent = null) {
  const valeur = texte(saisie, champ);
  const heure = heureLue(valeur);
  if (!valeur && absent) resultat.erreurs[champ] = absent;
  else if (valeur && heure === null) resultat.erreurs[champ] = "Cette heure n’existe pas\u202f: écrivez-la comme 9 h 30.";
  return heure;
}

export function lireDuree(resultat, saisie, champ) {
  const autre = texte(saisie, `${champ}_autre`);
  const valeur = autre || texte(saisie, champ);
  if (!valeur) return null;
  if (!/^[0-9]{1,4}$/.test(valeur) || +valeur < 1 || +valeur > DUREE_MAX) {
    resultat.erreurs[autre ? `${champ}_autre` : champ] = "Indiquez la durée en minutes, par exemple 45.";
    return null;
  }
  if (+valeur > DUREE_HABITUELLE) resultat.avertissements[champ] = "Durée inhabituelle\u202f: plus de quatre heures.";
  return +valeur;
}

export const lireLieu = (resultat, saisie, champ) =>
  lireTexte(resultat, saisie, texte(saisie, `${champ}_autre`) ? `${champ}_autre` : champ);

export function lireIdentifiant(resultat, saisie, champ) {
  const valeur = texte(saisie, champ).toLowerCase();
  if (estIdentifiant(valeur)) return valeur;
  resultat.erreurs[champ] = INCOMPLET;
  return null;
}

// La version que la page montrait, dite par le formulaire ; à défaut, celle que l’on a.
export function lireBase(saisie, existante, champ = "base") {
  const montree = texte(saisie, champ);
  return /^[0-9]{1,15}$/.test(montree) ? Number(montree) : existante.version ?? null;
}

// La fiche a changé depuis la page : ce qui s'oppose à la saisie ne pouvait pas se voir, et le serveur les mettra face à face.
export function estPerimee(saisie, existante, champ = "base") {
  const base = lireBase(saisie, existante, champ);
  return base !== null && (existante.version ?? null) !== null && base < existante.version;
}

export const operation = (id, genre, entite, personne, champs, base = null) => ({
  id,
  genre,
  entite,
  personne,
  base: base ?? null,
  champs,
});

// Aucune opération ne part d'un formulaire qui contient une erreur.
export function conclure(resultat) {
  if (Object.keys(resultat.erreurs).length) resultat.operations = [];
  return resultat;
}

export function numeroDeTelephone(saisi) {
  let chiffres = saisi.replace(/[\s.\-/()\u00a0\u202f]/g, "");
  if (chiffres.startsWith("00")) chiffres = `+${chiffres.slice(2)}`;
  if (chiffres.startsWith("+33")) chiffres = `0${chiffres.slice(3).replace(/^0/, "")}`;
  return /^0[1-9][0-9]{8}$/.test(chiffres) || /^\+[1-9][0-9]{7,14}$/.test(chiffres) ? chiffres : null;
}

export const estCourriel = (saisi) => [...saisi].length <= TEXTE_COURT && COURRIEL.test(saisi);

export const estCodeCommune = (saisi) => CODE_COMMUNE.test(saisi);
