// Un champ du catalogue, lu selon son genre : miroir de app/domain/saisie/champs.py.
import { lireJour as jourLu } from "../dates.js";
import { codes, estCode } from "../nomenclatures.js";
import { estCodeCommune, estCourriel, lireJour, lireTexte, liste, numeroDeTelephone, texte } from "./lecture.js";

const NUMEROS_MAX = 5;
const LIMITES = { courriel: 200, adresse: 300, experiences: 2_000 };
export const NUMERO_INCOMPLET = "Ce numéro de téléphone n’est pas complet\u202f: il a dix chiffres.";

function lireUnTexte(resultat, saisie, champ) {
  const lu = lireTexte(resultat, saisie, champ.nom, LIMITES[champ.nom] ?? 120);
  if (champ.nom === "courriel" && lu && !estCourriel(lu)) {
    resultat.erreurs.courriel = "Cette adresse de courriel n’est pas complète.";
  }
  return champ.nom === "nom" || champ.nom === "prenom" ? lu ?? "" : lu;
}

function lireDesTextes(resultat, saisie, champ) {
  const brut = lireTexte(resultat, saisie, champ.nom) ?? "";
  return brut.split(/[,;\n]/).map((morceau) => morceau.trim()).filter(Boolean);
}

function lireCode(resultat, saisie, champ) {
  const lu = texte(saisie, champ.nom) || null;
  if (lu !== null && !estCode(champ.liste, lu)) resultat.erreurs[champ.nom] = "Choisissez une réponse de la liste.";
  return lu;
}

function lireCodes(resultat, saisie, champ) {
  const lus = liste(saisie, champ.nom);
  if (!lus.every((lu) => estCode(champ.liste, lu))) resultat.erreurs[champ.nom] = "Choisissez des réponses de la liste.";
  return codes(champ.liste).filter((code) => lus.includes(code));
}

function lireBooleen(resultat, saisie, champ) {
  const lu = texte(saisie, champ.nom);
  if (!["", "oui", "non"].includes(lu)) resultat.erreurs[champ.nom] = "Répondez par oui ou par non.";
  return lu === "oui" || lu === "non" ? lu === "oui" : null;
}

function lireEntier(resultat, saisie, champ) {
  const lu = texte(saisie, champ.nom);
  if (!lu) return null;
  const nombre = /^[0-9]{1,2}$/.test(lu) ? +lu : null;
  if (nombre !== null && nombre <= champ.maximum) return nombre;
  resultat.erreurs[champ.nom] =
    nombre === null ? "Indiquez un nombre, par exemple 2." : `Indiquez un nombre de 0 à ${champ.maximum}.`;
  return null;
}

const lireUnJour = (resultat, saisie, champ) => lireJour(resultat, saisie, champ.nom);

function lireMois(resultat, saisie, champ) {
  const lu = texte(saisie, champ.nom);
  if (!lu) return null;
  const aLaFrancaise = /^([0-9]{1,2})[/. -]([0-9]{4})$/.exec(lu);
  const mois = aLaFrancaise ? `${aLaFrancaise[2]}-${aLaFrancaise[1].padStart(2, "0")}` : lu;
  if (jourLu(`${mois}-01`) !== null) return mois;
  resultat.erreurs[champ.nom] = "Indiquez le mois et l’année, par exemple 11/2026.";
  return null;
}

const enListe = (brut) => (typeof brut === "string" ? [brut] : brut ?? []);

function lireTelephones(resultat, saisie, champ) {
  const libelles = enListe(saisie[`${champ.nom}_libelle`]);
  const telephones = [];
  enListe(saisie[champ.nom]).slice(0, NUMEROS_MAX).forEach((saisi, rang) => {
    if (!texte({ numero: saisi }, "numero")) return;
    const numero = numeroDeTelephone(saisi);
    if (numero === null) {
      resultat.erreurs[champ.nom] = NUMERO_INCOMPLET;
      return;
    }
    const nom = rang < libelles.length ? [...texte({ libelle: libelles[rang] }, "libelle")].slice(0, 40).join("") : "";
    telephones.push({ numero, libelle: nom || null });
  });
  return telephones;
}

function lireCommune(resultat, saisie, champ) {
  const nom = lireTexte(resultat, saisie, champ.nom);
  const code = texte(saisie, `${champ.nom}_code`).toUpperCase() || null;
  if (code !== null && !estCodeCommune(code)) {
    resultat.erreurs[champ.nom] = "Ce code de commune n’existe pas\u202f: il a cinq caractères, par exemple 54528.";
  }
  return nom ? { code, nom } : null;
}

export const LECTURES = {
  texte: lireUnTexte,
  textes: lireDesTextes,
  code: lireCode,
  codes: lireCodes,
  booleen: lireBooleen,
  entier: lireEntier,
  jour: lireUnJour,
  mois: lireMois,
  telephones: lireTelephones,
  commune: lireCommune,
};
