// Une situation de comité : miroir de app/domain/saisie/comite.py.
import { lire, noter } from "./feuille.js";
import { conclure, nouveauResultat, texte } from "./lecture.js";

export const DECISION = ["decision", "suivi_par", "suivi_precis", "pour_le"];
const SANS_DECISION = "Écrivez ce qui est décidé, ou passez à la suivante sans noter.";

export function lireSituation(saisie, contexte, existante = null) {
  const resultat = nouveauResultat();
  const { dossier_id: dossier, decision } = existante?.valeurs ?? {};
  lire({ resultat, saisie, contexte }, "situation", dossier ? DECISION : ["nom", ...DECISION]);
  const { champs, erreurs } = resultat;
  if (!existante) {
    champs.dossier_id = texte(saisie, "dossier_id") || null;
    if (champs.dossier_id && !contexte.dossiers.includes(champs.dossier_id)) erreurs.dossier_id = "Choisissez dans la liste.";
  } else if (champs.decision === null && !decision) {
    erreurs.decision ??= SANS_DECISION;
  }
  noter(resultat, saisie, contexte, "situation", existante);
  return conclure(resultat);
}
