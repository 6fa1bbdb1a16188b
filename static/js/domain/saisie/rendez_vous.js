// Proposer un rendez-vous, ou le déplacer : miroir de app/domain/saisie/rendez_vous.py.
import { instantDe, jourDeSemaine, joursEntre } from "../dates.js";
import { estFerie } from "../jours_ouvres.js";
import { estOuverte, mesurePrincipale } from "../mesure.js";
import { estDeplacable } from "../rendez_vous.js";
import {
  conclure,
  estPerimee,
  lireBase,
  lireDuree,
  lireHeure,
  lireIdentifiant,
  lireJour,
  lireLieu,
  nouveauResultat,
  operation,
  texte,
} from "./lecture.js";

export function lireRendezVous(saisie, contexte, existant = null) {
  const resultat = nouveauResultat();
  const { dossier, aujourd_hui: aujourdHui } = contexte;
  const jour = lireJour(resultat, saisie, "date", "Indiquez la date du rendez-vous.");
  const heure = lireHeure(resultat, saisie, "heure", "Indiquez l’heure du rendez-vous.");
  const lus = {
    debut: jour && heure ? instantDe(jour, heure) : null,
    duree: lireDuree(resultat, saisie, "duree"),
    lieu: lireLieu(resultat, saisie, "lieu"),
  };
  avertirDuJour(resultat, "date", jour, aujourdHui);
  const id = lireIdentifiant(resultat, saisie, "op_id");
  const personne = dossier.personne.id;
  if (existant) {
    if (!estDeplacable(existant) && !estPerimee(saisie, existant)) {
      resultat.erreurs.date = "L’issue de ce rendez-vous est déjà notée\u202f: proposez-en un autre.";
    }
    resultat.champs = lus;
    resultat.operations = [operation(id, "deplacer_rendez_vous", existant.id, personne, lus, lireBase(saisie, existant))];
    return conclure(resultat);
  }
  const choisie = mesureChoisie(resultat, saisie, dossier, aujourdHui);
  const champs = { mesure_id: mesureDuRendezVous(resultat, dossier, aujourdHui, choisie), ...lus };
  resultat.champs = champs;
  const entite = lireIdentifiant(resultat, saisie, "entite");
  resultat.operations = [operation(id, "proposer_rendez_vous", entite, personne, champs)];
  return conclure(resultat);
}

// Un jour où l'on ne reçoit guère se dit, et s'enregistre.
export function avertirDuJour(resultat, champ, jour, aujourdHui) {
  if (!jour) return;
  const { avertissements } = resultat;
  if (jour < aujourdHui) avertissements[champ] = "Ce rendez-vous est passé\u202f: il restera à préciser.";
  else if (joursEntre(aujourdHui, jour) > 366) avertissements[champ] = "Date inhabituelle\u202f: dans plus d’un an.";
  else if (estFerie(jour)) avertissements[champ] = "Date inhabituelle\u202f: un jour férié.";
  else if (jourDeSemaine(jour) === 6) avertissements[champ] = "Date inhabituelle\u202f: un dimanche.";
}

export function mesureChoisie(resultat, saisie, dossier, aujourdHui) {
  const choisie = texte(saisie, "mesure_id").toLowerCase();
  if (choisie) {
    if (!dossier.mesures.some((mesure) => mesure.id === choisie)) {
      resultat.erreurs.mesure_id = "Choisissez une mesure de cette personne.";
    }
    return choisie;
  }
  const principale = mesurePrincipale(dossier.mesures, aujourdHui);
  return principale && estOuverte(principale, aujourdHui) ? principale.id : null;
}

export function mesureDuRendezVous(resultat, dossier, aujourdHui, mesureId) {
  if (mesureId) return mesureId;
  const principale = mesurePrincipale(dossier.mesures, aujourdHui);
  if (principale) return principale.id;
  resultat.erreurs.mesure_id = "Ouvrez d’abord une mesure pour cette personne.";
  return null;
}
