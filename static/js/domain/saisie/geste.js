// Les gestes d'un dossier : miroir de app/domain/saisie/geste.py.
import { estArchive, estFini, versionDuDossier } from "../acces.js";
import { conclure, lireBase, lireIdentifiant, nouveauResultat, operation, texte } from "./lecture.js";

const CHOIX = ["en_vigueur", "propose"];

export function lireReglement(saisie, { desaccord }) {
  const resultat = nouveauResultat();
  const choix = texte(saisie, "choix");
  resultat.champs = { choix };
  const id = lireIdentifiant(resultat, saisie, "op_id");
  if (!CHOIX.includes(choix)) {
    resultat.erreurs.choix = "Choisissez la valeur à garder.";
  } else if (desaccord.etat === "regle" && desaccord.choix !== choix) {
    resultat.erreurs.choix = `Ce désaccord a déjà été réglé par ${desaccord.regle_par_nom}.`;
  } else if (desaccord.etat === "ouvert") {
    const base = lireBase(saisie, desaccord);
    resultat.operations.push(operation(id, "regler_desaccord", desaccord.id, desaccord.personne_id, { choix }, base));
  }
  return conclure(resultat);
}

export function lireArchive(saisie, { aujourd_hui: le, dossier }, archiver) {
  const resultat = nouveauResultat();
  const personneId = dossier.personne.id;
  const id = lireIdentifiant(resultat, saisie, "op_id");
  if (estArchive(dossier) !== archiver) {
    const base = lireBase(saisie, { version: versionDuDossier(dossier) });
    const genre = archiver ? "archiver_dossier" : "rouvrir_dossier";
    resultat.operations.push(operation(id, genre, personneId, personneId, archiver ? { le } : {}, base));
  }
  return conclure(resultat);
}

export function lireFinDePartage(saisie, { aujourd_hui: aujourdHui, partage }) {
  const resultat = nouveauResultat();
  const id = lireIdentifiant(resultat, saisie, "op_id");
  if (!estFini(partage, aujourdHui)) {
    resultat.operations.push(operation(id, "cesser_partage", partage.id, partage.personne_id, {}, partage.version));
  }
  return conclure(resultat);
}

export function lireCoche(saisie, { entretien }) {
  const resultat = nouveauResultat();
  const id = lireIdentifiant(resultat, saisie, "op_id");
  const partagee = texte(saisie, "partagee") === "oui";
  if (Boolean(entretien.partagee) !== partagee) {
    const base = lireBase(saisie, entretien);
    resultat.operations.push(operation(id, "modifier_entretien", entretien.id, entretien.personne_id, { partagee }, base));
  }
  return conclure(resultat);
}
