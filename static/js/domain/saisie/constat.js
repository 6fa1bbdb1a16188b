// L'issue d'un rendez-vous : miroir de app/domain/saisie/constat.py.
import { empechement, estRetournee } from "../rendez_vous.js";
import { conclure, estPerimee, lireBase, lireIdentifiant, nouveauResultat, operation, texte } from "./lecture.js";

export function lireConstat(saisie, contexte) {
  const resultat = nouveauResultat();
  const rendezVous = contexte.rendez_vous;
  const statut = texte(saisie, "statut");
  resultat.champs = { statut };
  if (!rendezVous) {
    resultat.erreurs.statut = "Ce rendez-vous n’est pas dans ce carnet.";
    return conclure(resultat);
  }
  const refus = empechement(rendezVous, statut, contexte.maintenant);
  if (refus && !estPerimee(saisie, rendezVous)) resultat.erreurs.statut = refus;
  const id = lireIdentifiant(resultat, saisie, "op_id");
  const maintenue = Boolean(contexte.dossier) && estRetournee(contexte.dossier, rendezVous.id);
  if (statut !== rendezVous.statut || maintenue) {
    resultat.operations = [
      operation(id, "constater_rendez_vous", rendezVous.id, rendezVous.personne_id, { statut }, lireBase(saisie, rendezVous)),
    ];
  }
  return conclure(resultat);
}
