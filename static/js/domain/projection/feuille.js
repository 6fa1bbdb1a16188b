// Miroir de app/domain/projection/feuille.py.
import { forme as decrite, redite } from "../feuilles.js";
import { estVide, modifiee } from "../piece.js";
import { ajouter, envoiDe } from "./changement.js";

function noter(cahier, forme, operation, acteur) {
  const fiche = {
    type: "feuille",
    id: operation.entite,
    cahier_id: operation.personne,
    version: null,
    forme,
    auteur: acteur.id,
    auteur_nom: acteur.nom,
    note_le: operation.heure,
    retiree_le: null,
    retrait_motif: null,
    tardive: null,
    valeurs: Object.fromEntries(Object.entries(operation.champs).filter(([, lue]) => !estVide(lue))),
    revisions: [],
  };
  // Un autre l'a notée sans que l'on le sache : ce que l'on en dit s'y ajoute.
  const laForme = decrite(forme);
  if (laForme?.cle && (cahier.feuilles ?? []).some(({ id }) => id === fiche.id)) {
    const dite = (deja) => ({ ...operation, champs: redite(laForme, deja, operation.champs) });
    return changer(cahier, operation, (deja) => ({ retiree_le: null, retrait_motif: null, ...modifiee(deja, dite(deja), acteur.nom) }));
  }
  return ajouter(cahier, "feuilles", fiche, operation);
}

// Ce qu'elle disait avant reste, avec qui l'a changé.
const modifier = (cahier, _forme, operation, acteur) =>
  changer(cahier, operation, (feuille) => modifiee(feuille, operation, acteur.nom));

// Déjà retirée, elle garde son premier jour et son premier motif, comme au serveur.
const retirer = (cahier, _forme, operation) =>
  changer(cahier, operation, ({ retiree_le: le }) =>
    le ? null : { retiree_le: operation.heure, retrait_motif: operation.champs.motif ?? null },
  );

function changer(cahier, operation, changement) {
  const feuilles = cahier.feuilles.map((feuille) => {
    const champs = feuille.id === operation.entite ? changement(feuille) : null;
    return champs ? { ...feuille, ...champs, envoi: envoiDe(operation) } : feuille;
  });
  return { ...cahier, feuilles };
}

export const VERBES = { noter, modifier, retirer };
