// Ouvrir un dossier à un collègue : miroir de app/domain/saisie/partage.py.
import { estFini } from "../acces.js";
import { ajouterJours } from "../dates.js";
import { estCode } from "../nomenclatures.js";
import { accordDePartage } from "../piece.js";
import { conclure, lireIdentifiant, lireJour, nouveauResultat, operation, texte } from "./lecture.js";

const JOURS_MAX = 366;
const SANS_TERME = "binome";

export function lirePartage(saisie, contexte) {
  const resultat = nouveauResultat();
  const { aujourd_hui: aujourdHui, dossier, reference, utilisateur } = contexte;
  const entite = lireIdentifiant(resultat, saisie, "entite");
  const ouverts = (dossier.partages ?? []).filter((partage) => !estFini(partage, aujourdHui));
  const collegue = texte(saisie, "utilisateur");
  if (!(reference.collegues ?? []).some(({ id }) => id === collegue)) {
    resultat.erreurs.utilisateur = "Choisissez un collègue.";
  } else if (collegue === utilisateur.id) {
    resultat.erreurs.utilisateur = "Ce dossier est déjà dans votre carnet.";
  } else if (ouverts.some((partage) => partage.utilisateur === collegue && partage.id !== entite)) {
    resultat.erreurs.utilisateur = "Ce dossier lui est déjà ouvert.";
  }
  const motif = texte(saisie, "motif");
  if (!estCode("motif_partage", motif)) resultat.erreurs.motif = "Dites pourquoi\u202f: un binôme dure, un prêt a une fin.";
  const du = lireJour(resultat, saisie, "du");
  const jusquAu = lireJour(resultat, saisie, "jusqu_au");
  verifierFin(resultat, { motif, du, jusquAu, aujourdHui });
  resultat.champs = { utilisateur: collegue, du, jusqu_au: jusquAu, motif };
  const id = lireIdentifiant(resultat, saisie, "op_id");
  resultat.operations.push(operation(id, "partager_dossier", entite, dossier.personne.id, resultat.champs));
  if (texte(saisie, "accord") === "oui" && !accordDePartage(dossier, aujourdHui)) {
    resultat.operations.push(noterLAccord(resultat, saisie, dossier.personne, aujourdHui));
  }
  return conclure(resultat);
}

function noterLAccord(resultat, saisie, { id: qui, version }, jour) {
  const id = lireIdentifiant(resultat, saisie, "op_id_accord");
  return operation(id, "modifier_personne", qui, qui, { accord_partage: true, date_effet: jour }, version);
}

function verifierFin({ erreurs }, { motif, du, jusquAu, aujourdHui }) {
  const limite = ajouterJours(aujourdHui, JOURS_MAX);
  const premier = du && du > aujourdHui ? du : aujourdHui;
  if (du && du > limite) erreurs.du ??= "Dans un an au plus.";
  if (jusquAu === null && motif && motif !== SANS_TERME) {
    erreurs.jusqu_au ??= "Un prêt a un dernier jour\u202f: choisissez-le.";
  } else if (jusquAu && jusquAu < premier) {
    erreurs.jusqu_au = "Ce prêt serait fini avant d’avoir commencé.";
  } else if (jusquAu && jusquAu > limite) {
    erreurs.jusqu_au = "Dans un an au plus.";
  }
}
