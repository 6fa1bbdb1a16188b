// Miroir de app/domain/projection/piece.py.
import { CLES, estVide, modifiee } from "../piece.js";
import { ajouter, changer } from "./changement.js";

function noter(dossier, forme, operation, acteur) {
  const { champs } = operation;
  const fiche = {
    type: "piece",
    id: operation.entite,
    personne_id: operation.personne,
    version: null,
    forme,
    mesure_id: champs.mesure_id ?? null,
    reference: null,
    auteur: acteur.id,
    auteur_nom: acteur.nom,
    note_le: operation.heure,
    retiree_le: null,
    retrait_motif: null,
    partagee: Boolean(champs.partagee),
    tardive: null,
    valeurs: Object.fromEntries(Object.entries(champs).filter(([nom, lue]) => !CLES.includes(nom) && !estVide(lue))),
    revisions: [],
  };
  return ajouter(dossier, "pieces", fiche, operation);
}

// Ce qu'elle disait avant reste, avec qui l'a changé.
function modifier(dossier, _forme, operation, acteur) {
  const connue = dossier.pieces.find(({ id }) => id === operation.entite);
  return connue ? changer(dossier, "pieces", operation, modifiee(connue, operation, acteur.nom)) : dossier;
}

// Déjà retirée, elle garde son premier jour et son premier motif, comme au serveur.
function retirer(dossier, _forme, operation) {
  if (dossier.pieces.some(({ id, retiree_le: le }) => id === operation.entite && le)) return dossier;
  return changer(dossier, "pieces", operation, { retiree_le: operation.heure, retrait_motif: operation.champs.motif ?? null });
}

export const VERBES = { noter, modifier, retirer };
