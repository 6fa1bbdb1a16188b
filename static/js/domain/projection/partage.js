// Miroir de app/domain/projection/partage.py.
import { jourParis } from "../dates.js";
import { ajouter, envoiDe } from "./changement.js";

function partager(dossier, operation, acteur) {
  if (!dossier) return null;
  const { champs } = operation;
  const partage = {
    type: "partage",
    id: operation.entite,
    personne_id: operation.personne,
    version: null,
    utilisateur: champs.utilisateur,
    utilisateur_nom: null,
    du: champs.du ?? null,
    jusqu_au: champs.jusqu_au ?? null,
    motif: champs.motif ?? null,
    par_nom: acteur.nom,
    fin_le: null,
  };
  return ajouter({ ...dossier, partages: dossier.partages ?? [] }, "partages", partage, operation);
}

// Un partage déjà fini garde son jour : deux personnes y ont pensé.
function cesser(dossier, operation) {
  if (!dossier) return null;
  const fin_le = jourParis(operation.heure);
  const partages = (dossier.partages ?? []).map((partage) =>
    partage.id === operation.entite && !partage.fin_le ? { ...partage, fin_le, envoi: envoiDe(operation) } : partage,
  );
  return { ...dossier, partages };
}

export const GENRES = {
  partager_dossier: partager,
  cesser_partage: cesser,
};
