// Miroir de app/domain/projection/entretien.py.
import { ajouter, changer, envoiDe } from "./changement.js";

function noterEntretien(dossier, operation, acteur) {
  const { champs } = operation;
  const entretien = {
    type: "entretien",
    id: operation.entite,
    personne_id: operation.personne,
    mesure_id: champs.mesure_id ?? null,
    version: null,
    reference: null,
    rendez_vous_id: champs.rendez_vous_id ?? null,
    date: champs.date,
    heure: champs.heure ?? null,
    duree: champs.duree ?? null,
    moyen: champs.moyen,
    lieu: champs.lieu ?? null,
    demarches: champs.demarches ?? [],
    synthese: champs.synthese ?? null,
    note_personnelle: champs.note_personnelle ?? null,
    auteur: acteur.id,
    auteur_nom: acteur.nom,
  };
  return ajouter(dossier, "entretiens", entretien, operation);
}

// Une note de travail, une coche ne sont pas une fiche à relire.
function modifierEntretien(dossier, operation) {
  const suivant = changer(dossier, "entretiens", operation, operation.champs);
  const seule = Object.keys(operation.champs).every((champ) => champ === "note_personnelle" || champ === "partagee");
  return suivant && seule ? { ...suivant, controles: dossier.controles } : suivant;
}

// Transmise, elle se lit de qui suit le dossier ; ce n'est pas une fiche à relire.
function deciderNote(dossier, operation) {
  if (!dossier) return null;
  const decidee = ({ note_personnelle: note = null }) =>
    operation.genre === "effacer_note" ? { note_personnelle: null, note_transmise: null } : { note_transmise: note };
  const entretiens = dossier.entretiens.map((fiche) =>
    fiche.id === operation.entite ? { ...fiche, ...decidee(fiche), envoi: envoiDe(operation) } : fiche,
  );
  return { ...dossier, entretiens };
}

export const GENRES = {
  noter_entretien: noterEntretien,
  modifier_entretien: modifierEntretien,
  transmettre_note: deciderNote,
  effacer_note: deciderNote,
};
