// Miroir de app/domain/projection/rendez_vous.py.
import { ajouter, changer } from "./changement.js";

function proposerRendezVous(dossier, operation) {
  const { champs } = operation;
  const rendezVous = {
    type: "rendez_vous",
    id: operation.entite,
    personne_id: operation.personne,
    mesure_id: champs.mesure_id,
    version: null,
    reference: null,
    debut: champs.debut,
    duree: champs.duree ?? null,
    lieu: champs.lieu ?? null,
    statut: "propose",
  };
  return ajouter(dossier, "rendez_vous", rendezVous, operation);
}

const constaterRendezVous = (dossier, operation) =>
  changer(dossier, "rendez_vous", operation, { statut: operation.champs.statut });

const deplacerRendezVous = (dossier, operation) => changer(dossier, "rendez_vous", operation, operation.champs);

export const GENRES = {
  proposer_rendez_vous: proposerRendezVous,
  constater_rendez_vous: constaterRendezVous,
  deplacer_rendez_vous: deplacerRendezVous,
};
