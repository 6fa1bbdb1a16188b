// Miroir de app/domain/projection/personne.py.
import { catalogue } from "../champs_personne.js";
import { jourParis } from "../dates.js";
import { dateEffet, envoiDe, insererValeur, rouverts } from "./changement.js";

const LISTES = ["mesures", "rendez_vous", "entretiens", "controles"];

const nouveauDossier = (personne) => ({ personne, ...Object.fromEntries(LISTES.map((liste) => [liste, []])) });

function poserChamps(personne, champs, jour) {
  const suivante = { ...personne, historique: { ...personne.historique } };
  for (const [nom, donnee] of Object.entries(champs)) {
    const champ = catalogue().get(nom);
    if (!champ) continue;
    if (champ.date) suivante.historique[nom] = insererValeur(suivante.historique[nom] ?? [], jour, donnee);
    else suivante[nom] = donnee;
  }
  return suivante;
}

function creerPersonne(dossier, operation) {
  const vierge = {
    type: "personne",
    id: operation.entite,
    version: null,
    reference: null,
    nom: "",
    prenom: "",
    nom_usage: null,
    pseudonymes: [],
    date_naissance: null,
    naissance_precision: null,
    historique: {},
    envoi: envoiDe(operation),
  };
  const personne = poserChamps(vierge, operation.champs, dateEffet(operation));
  return dossier ? { ...dossier, personne } : nouveauDossier(personne);
}

function modifierPersonne(dossier, operation) {
  if (!dossier) return null;
  const personne = poserChamps(dossier.personne, operation.champs, dateEffet(operation));
  return { ...dossier, personne: { ...personne, envoi: envoiDe(operation) }, controles: rouverts(dossier, operation) };
}

const archiver = (dossier, operation) => ranger(dossier, operation, operation.champs.le || jourParis(operation.heure));

const rouvrir = (dossier, operation) => ranger(dossier, operation, null);

const ranger = (dossier, operation, archive_le) =>
  dossier && { ...dossier, personne: { ...dossier.personne, archive_le, envoi: envoiDe(operation) } };

export const GENRES = {
  creer_personne: creerPersonne,
  modifier_personne: modifierPersonne,
  archiver_dossier: archiver,
  rouvrir_dossier: rouvrir,
};
