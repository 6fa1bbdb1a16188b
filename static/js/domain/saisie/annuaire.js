// Une note sur un service de l'annuaire : miroir de app/domain/saisie/annuaire.py.
import { lire, noter } from "./feuille.js";
import { conclure, nouveauResultat } from "./lecture.js";

export const SERVICE = ["service_id", "service"];

export function lireAnnotation(saisie, contexte, existante = null) {
  const resultat = nouveauResultat();
  lire({ resultat, saisie, contexte }, "annotation", existante ? ["note"] : [...SERVICE, "note"]);
  noter(resultat, saisie, contexte, "annotation", existante);
  return conclure(resultat);
}
