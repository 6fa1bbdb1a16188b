// Déplacer d'un geste tous les rendez-vous d'un lieu, un jour : miroir de app/domain/saisie/deplacement.py.
import { heureParis, instantDe } from "../dates.js";
import { estIdentifiant } from "../identifiant.js";
import { estDeplacable } from "../rendez_vous.js";
import { INCOMPLET, conclure, lireJour, lireLieu, liste, nouveauResultat, operation } from "./lecture.js";
import { avertirDuJour } from "./rendez_vous.js";

export function lireDeplacement(saisie, { dossiers, aujourd_hui: aujourdHui }) {
  const resultat = nouveauResultat();
  const jour = lireJour(resultat, saisie, "date", "Indiquez le jour.");
  const lieu = lireLieu(resultat, saisie, "lieu");
  avertirDuJour(resultat, "date", jour, aujourdHui);
  for (const ligne of liste(saisie, "deplace")) {
    const [id, opId, version = ""] = ligne.split(" ");
    const dossier = dossiers.find(({ rendez_vous: fiches }) => fiches.some((fiche) => fiche.id === id));
    const fiche = dossier?.rendez_vous.find((une) => une.id === id);
    if (!jour || !fiche || !estDeplacable(fiche)) continue;
    const debut = instantDe(jour, heureParis(fiche.debut));
    if (!estIdentifiant(opId)) {
      resultat.erreurs.lieu = INCOMPLET;
      break;
    }
    const base = /^[0-9]{1,15}$/.test(version) ? Number(version) : null;
    // Le même formulaire, envoyé deux fois : la même opération n'y change rien, et la suite se montre encore.
    const dejaFait = fiche.envoi || (base !== null && base < (fiche.version ?? 0));
    if (debut === fiche.debut && lieu === fiche.lieu && !dejaFait) continue;
    const champs = { debut, duree: fiche.duree, lieu };
    resultat.operations.push(operation(opId, "deplacer_rendez_vous", id, dossier.personne.id, champs, base));
  }
  if (!resultat.operations.length && !Object.keys(resultat.erreurs).length) {
    resultat.erreurs.lieu = "Rien ne change\u202f: choisissez un autre lieu, ou un autre jour.";
  }
  return conclure(resultat);
}
