// Partager un dossier avec un collègue : miroir de app/viewmodels/partage.py.
import { estFini, referents } from "../domain/acces.js";
import { dateChiffree } from "../domain/francais.js";
import { choix } from "../domain/nomenclatures.js";
import { depuis } from "../domain/personne.js";
import { accordDePartage } from "../domain/piece.js";
import { enTete } from "./contexte.js";
import { cacher, cleBrouillon, premiere, resume } from "./formulaires.js";

const ORDRE = ["utilisateur", "motif", "accord", "du", "jusqu_au"];

export function partage(dossier, contexte, saisie = null, erreurs = {}) {
  const f = Object.fromEntries(ORDRE.map((champ) => [champ, premiere(saisie, champ)]));
  const personneId = dossier.personne.id;
  return {
    f,
    erreurs,
    resume_erreurs: resume(erreurs, ORDRE),
    dossier: enTete(dossier),
    choix: { collegues: collegues(dossier, contexte, f.utilisateur), motifs: choix("motif_partage", f.motif) },
    accord: { note: accordNote(dossier, contexte.aujourd_hui), coche: f.accord === "oui" },
    action: `/dossiers/${personneId}/partager`,
    brouillon: cleBrouillon("partage", personneId, saisie),
    caches: cacher(["op_id", "entite", "op_id_accord"], saisie, contexte, { remplace: premiere(saisie, "remplace") }),
  };
}

function accordNote(dossier, jour) {
  if (!accordDePartage(dossier, jour)) return null;
  const effet = depuis(dossier.personne.historique?.accord_partage, jour);
  return effet ? `depuis le ${dateChiffree(effet)}` : "déjà";
}

function collegues(dossier, contexte, choisi) {
  const jour = contexte.aujourd_hui;
  const ouverts = (dossier.partages ?? []).filter((partage) => !estFini(partage, jour));
  const lOnt = new Set([contexte.utilisateur.id, ...referents(dossier, jour), ...ouverts.map(({ utilisateur }) => utilisateur)]);
  return (contexte.reference.collegues ?? [])
    .filter(({ id, suit }) => suit !== false && (id === choisi || !lOnt.has(id)))
    .map(({ id, nom }) => ({ code: id, libelle: nom, choisi: id === choisi }));
}
