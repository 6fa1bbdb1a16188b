// Une situation de comité : miroir de app/domain/saisie/comite.py.
import { dossiers } from "../comite.js";
import { lire, noter } from "./feuille.js";
import { conclure, nouveauResultat, texte } from "./lecture.js";

export const DECISION = ["decision", "suivi_par", "suivi_precis", "pour_le"];
const DEJA = "Cette personne est déjà dans la liste.";
const SANS_DECISION = "Écrivez ce qui est décidé, ou passez à la suivante sans noter.";
const PASSEE = "La date «\u202fpour le\u202f» est déjà passée.";

export function lireSituation(saisie, contexte, existante = null) {
  const resultat = nouveauResultat();
  const { dossier_id: dossier, decision, pour_le: avant } = existante?.valeurs ?? {};
  lire({ resultat, saisie, contexte }, "situation", dossier ? DECISION : ["nom", ...DECISION]);
  if (!existante) designer(resultat, texte(saisie, "dossier_id"), contexte);
  else if (resultat.champs.decision === null && !decision) resultat.erreurs.decision ??= SANS_DECISION;
  const { pour_le: pourLe } = resultat.champs;
  if (pourLe && pourLe < contexte.aujourd_hui && pourLe !== avant) resultat.avertissements.pour_le = PASSEE;
  noter(resultat, saisie, contexte, "situation", existante);
  return conclure(resultat);
}

// Un dossier de la page, qui n'est pas déjà dans la liste ; il donne son nom, si rien n'en est dit.
function designer({ champs, erreurs }, id, contexte) {
  if (!id) return;
  const choisi = contexte.dossiers.find((un) => un.id === id);
  if (!choisi) {
    erreurs.dossier_id = "Choisissez dans la liste.";
    return;
  }
  if (dossiers(contexte.cahier).includes(id)) erreurs.dossier_id = DEJA;
  champs.dossier_id = id;
  if (champs.nom === null) {
    champs.nom = choisi.nom;
    delete erreurs.nom;
  }
}
