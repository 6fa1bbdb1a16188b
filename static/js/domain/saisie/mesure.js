// Ouvrir une mesure, ou corriger ses dates : miroir de app/domain/saisie/mesure.py.
import { estOuverte } from "../mesure.js";
import { estCode } from "../nomenclatures.js";
import { enPlus } from "../places.js";
import {
  conclure,
  lireBase,
  lireIdentifiant,
  lireJour,
  lireTexte,
  nouveauResultat,
  operation,
  presente,
  texte,
} from "./lecture.js";

const SANS_ORIENTATION = "Sans date d’orientation, l’échéance du premier contact n’est pas suivie.";
const APRES_L_ORIENTATION = {
  premier_contact_le: "Le premier contact vient avant l’orientation.",
  entree_le: "L’entrée vient avant l’orientation.",
};
const JALONS = Object.keys(APRES_L_ORIENTATION);
// Ce qui se corrige une fois la mesure ouverte ; l'orientation fait courir le délai du premier contact.
export const DATES = ["orientee_le", ...JALONS];

export function lireMesure(saisie, contexte, existante = null) {
  const resultat = nouveauResultat();
  const { dossier, aujourd_hui: aujourdHui } = contexte;
  if (existante) {
    modifier(resultat, saisie, contexte, existante);
    return conclure(resultat);
  }
  const champs = lireChampsMesure(resultat, saisie, contexte, aujourdHui);
  resultat.champs = champs ?? {};
  if (champs === null) {
    resultat.erreurs.convention = "Votre structure n’a pas de convention où ouvrir une mesure.";
    return conclure(resultat);
  }
  const entite = lireIdentifiant(resultat, saisie, "entite");
  const dejaOuverte = dossier.mesures.some(
    (mesure) => estOuverte(mesure, aujourdHui) && mesure.convention === champs.convention && mesure.id !== entite,
  );
  if (dejaOuverte) {
    prevenir(resultat, "convention", "Une mesure de cette convention était déjà ouverte.");
  }
  const id = lireIdentifiant(resultat, saisie, "op_id");
  resultat.operations.push(operation(id, "ouvrir_mesure", entite, dossier.personne.id, champs));
  return conclure(resultat);
}

// Elle porte le jour où elle est notée : envoyée plus tard, elle ne prend pas effet au jour de l’envoi.
export function lireChampsMesure(resultat, saisie, contexte, dateEffet) {
  const connues = contexte.reference.conventions.map((convention) => convention.code);
  if (connues.length === 0) return null;
  const convention = texte(saisie, "convention");
  if (!connues.includes(convention)) resultat.erreurs.convention = "Choisissez l’accompagnement.";
  prevenir(resultat, "convention", enPlus(contexte.reference, convention));
  const orienteeLe = jourPasse(resultat, saisie, "orientee_le", contexte.aujourd_hui);
  const jalons = Object.fromEntries(JALONS.map((champ) => [champ, jourPasse(resultat, saisie, champ, contexte.aujourd_hui)]));
  if (orienteeLe === null) {
    resultat.avertissements.orientee_le = SANS_ORIENTATION;
  }
  verifierOrdre(resultat, orienteeLe, jalons);
  const modalite = texte(saisie, "modalite") || null;
  if (modalite !== null && !estCode("modalite", modalite)) {
    resultat.erreurs.modalite = "Choisissez la modalité dans la liste.";
  }
  return {
    convention,
    orientee_le: orienteeLe,
    prescripteur: lireTexte(resultat, saisie, "prescripteur"),
    premier_contact_le: jalons.premier_contact_le,
    entree_le: jalons.entree_le,
    modalite,
    date_effet: dateEffet,
  };
}

function modifier(resultat, saisie, contexte, existante) {
  const presents = DATES.filter((champ) => presente(saisie, champ));
  const lus = Object.fromEntries(presents.map((champ) => [champ, jourPasse(resultat, saisie, champ, contexte.aujourd_hui)]));
  const apres = { ...Object.fromEntries(DATES.map((champ) => [champ, existante[champ] ?? null])), ...lus };
  const { orientee_le: orienteeLe, ...jalons } = apres;
  verifierOrdre(resultat, orienteeLe, jalons);
  if (existante.orientee_le && orienteeLe === null) resultat.avertissements.orientee_le = SANS_ORIENTATION;
  resultat.champs = lus;
  const changes = Object.fromEntries(Object.entries(lus).filter(([champ, jour]) => jour !== (existante[champ] ?? null)));
  if (changes.entree_le && !existante.entree_le) {
    prevenir(resultat, "entree_le", enPlus(contexte.reference, existante.convention));
  }
  const id = lireIdentifiant(resultat, saisie, "op_id");
  if (Object.keys(changes).length) {
    const personne = contexte.dossier.personne.id;
    resultat.operations.push(operation(id, "modifier_mesure", existante.id, personne, changes, lireBase(saisie, existante)));
  }
}

// Ce qui surprend, à la suite de ce qui est déjà dit de ce champ.
function prevenir({ avertissements }, champ, phrase) {
  if (phrase) avertissements[champ] = avertissements[champ] ? `${avertissements[champ]} ${phrase}` : phrase;
}

function jourPasse(resultat, saisie, champ, aujourdHui) {
  const jour = lireJour(resultat, saisie, champ);
  if (jour && jour > aujourdHui) resultat.erreurs[champ] = "Cette date est dans l’avenir.";
  return jour;
}

function verifierOrdre(resultat, orienteeLe, jalons) {
  for (const [champ, jour] of Object.entries(jalons)) {
    if (orienteeLe && jour && jour < orienteeLe) resultat.erreurs[champ] = APRES_L_ORIENTATION[champ];
  }
}
