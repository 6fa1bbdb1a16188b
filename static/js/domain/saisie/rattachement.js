// Rattacher à un dossier quelqu'un que l'on connaît de la rue : miroir de app/domain/saisie/rattachement.py.
import { estCode } from "../nomenclatures.js";
import { conclure, lireIdentifiant, lireJour, nouveauResultat, operation, texte } from "./lecture.js";

const SANS_ACCORD = "Demandez-le-lui, et cochez\u202f: sans son accord, rien ne se rattache.";

export function lireRattachement(saisie, { aujourd_hui: aujourdHui, connu, dossier }) {
  const resultat = nouveauResultat();
  const { erreurs } = resultat;
  const id = lireIdentifiant(resultat, saisie, "op_id");
  const entite = lireIdentifiant(resultat, saisie, "entite");
  const etendue = texte(saisie, "etendue");
  const le = lireJour(resultat, saisie, "accord_le", "Indiquez le jour où elle l’a accepté.");
  if (texte(saisie, "accord") !== "oui") erreurs.accord = SANS_ACCORD;
  if (!estCode("etendue_rattachement", etendue)) erreurs.etendue = "Dites ce qu’elle accepte que l’on lise.";
  if (le && le > aujourdHui) erreurs.accord_le = "Cette date est dans l’avenir.";
  resultat.champs = { connu_id: connu.id, etendue, accord_le: le };
  resultat.operations = [operation(id, "rattacher_rencontres", entite, dossier.personne.id, resultat.champs)];
  return conclure(resultat);
}

export function lireDetachement(saisie, { dossier, rattachement }) {
  const resultat = nouveauResultat();
  const id = lireIdentifiant(resultat, saisie, "op_id");
  resultat.operations = [operation(id, "detacher_rencontres", rattachement.id, dossier.personne.id, {})];
  return conclure(resultat);
}
