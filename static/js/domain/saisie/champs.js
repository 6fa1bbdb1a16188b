// Un champ du catalogue, lu selon son genre : miroir de app/domain/saisie/champs.py.
import { lireJour as jourLu } from "../dates.js";
import { codes, estCode } from "../nomenclatures.js";
import { TEXTE_COURT, estCodeCommune, estCourriel, lireJour, lireTexte, liste, numeroDeTelephone, texte } from "./lecture.js";

const NUMEROS_MAX = 5;
const LIMITES = { courriel: 200, adresse: 300, experiences: 2_000 };
const NUMERO_INCOMPLET = "Ce numéro de téléphone n’est pas complet\u202f: il a dix chiffres.";

function lireUnTexte(resultat, saisie, champ) {
  const lu = lireTexte(resultat, saisie, champ.nom, LIMITES[champ.nom] ?? 120);
  if (champ.nom === "courriel" && lu && !estCourriel(lu)) {
    resultat.erreurs.courriel = "Cette adresse de courriel n’est pas complète.";
  }
  return champ.nom === "nom" || champ.nom === "prenom" ? lu ?? "" : lu;
}

// Un par ligne, ou plusieurs séparés par des virgules.
function lireDesTextes(resultat, saisie, champ) {
  const rangees = enListe(saisie[champ.nom]).map((brut) => {
    const propre = texte({ [champ.nom]: brut }, champ.nom);
    if ([...propre].length > TEXTE_COURT) {
      resultat.erreurs[champ.nom] = `Ce texte est trop long\u202f: ${TEXTE_COURT} caractères au plus.`;
    }
    return propre.split(/[,;\n]/).map((morceau) => morceau.trim()).filter(Boolean);
  });
  return ranger(saisie, champ.nom, rangees).flat();
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
  const retires = liste(saisie, `${champ.nom}_retirer`);
  const rangees = enListe(saisie[champ.nom]).slice(0, NUMEROS_MAX).map((saisi, rang) => {
    const propre = texte({ numero: saisi }, "numero");
    const numero = numeroDeTelephone(propre);
    if (propre && numero === null && !retires.includes(String(rang))) {
      resultat.erreurs[rang ? `${champ.nom}_${rang}` : champ.nom] = NUMERO_INCOMPLET;
    }
    const nom = rang < libelles.length ? [...texte({ libelle: libelles[rang] }, "libelle")].slice(0, 40).join("") : "";
    return numero ? [{ numero, libelle: nom || null }] : [];
  });
  return ranger(saisie, champ.nom, rangees).flat();
}

// Les lignes gardées (`<champ>_retirer` : les rangs à ôter), la préférée d'abord (`<champ>_premier` : son rang).
function ranger(saisie, champ, rangees) {
  const retires = liste(saisie, `${champ}_retirer`);
  const premier = texte(saisie, `${champ}_premier`);
  const gardees = rangees.map((rangee, rang) => [String(rang), rangee]).filter(([rang]) => !retires.includes(rang));
  return [...gardees.filter(([rang]) => rang === premier), ...gardees.filter(([rang]) => rang !== premier)].map(([, rangee]) => rangee);
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
