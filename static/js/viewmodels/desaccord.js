// Un désaccord, côte à côte : miroir de app/viewmodels/desaccord.py.
import { peutRegler } from "../domain/acces.js";
import { heureParis, jourParis } from "../domain/dates.js";
import { dateChiffree, heure as heureEnMots, jourCourt, minuscule } from "../domain/francais.js";
import { libelle } from "../domain/nomenclatures.js";
import { nomAffiche } from "../domain/personne.js";
import { quoi as quoiDeLaPiece } from "../domain/piece.js";
import { LISTES } from "../domain/reglement.js";
import { deplace } from "../domain/rendez_vous.js";
import { sexe, trierPar } from "./contexte.js";
import { champ, moment, valeur } from "./en_mots.js";

const ARCHIVE = "archive_le";
const TRAVAIL = "du travail noté sans le savoir";

export function faceAFace(desaccord, dossier, aujourdHui) {
  const accord = sexe(dossier.personne, { aujourd_hui: aujourdHui });
  const archive = desaccord.champ === ARCHIVE;
  const rouvrir = archive && desaccord.propose.valeur === null;
  const propose = vueCote(desaccord, "propose", accord, aujourdHui, pieceDe(desaccord, dossier));
  const enVigueur = vueCote(desaccord, "en_vigueur", accord, aujourdHui, pieceDe(desaccord, dossier));
  const issue = issueEnFace(desaccord, dossier, accord);
  if (issue) {
    enVigueur.valeur += `, ${issue}`;
    propose.valeur += ", issue à redire";
  }
  return {
    id: desaccord.id,
    personne_id: desaccord.personne_id,
    nom: nomAffiche(dossier.personne),
    version: desaccord.version,
    quoi: quoi(desaccord, dossier, aujourdHui),
    effet: desaccord.date_effet ? `à partir du ${dateChiffree(desaccord.date_effet)}` : null,
    phrase: rouvrir ? phrase(desaccord) : null,
    en_vigueur: enVigueur,
    propose: rouvrir ? { ...propose, valeur: TRAVAIL } : propose,
    garder: archive ? "Laisser archivé" : "Garder",
    prendre: rouvrir ? "Rouvrir" : issue ? "Prendre le déplacement" : "Prendre celle-ci",
    regle: desaccord.etat === "regle" ? `${desaccord.regle_par_nom}, ${moment(desaccord.regle_le, aujourdHui)}` : null,
    choix: desaccord.choix,
  };
}

export const ouverts = (dossier) =>
  trierPar((dossier.desaccords ?? []).filter(({ etat }) => etat === "ouvert"), ({ id, propose }) => [propose.le, id]);

export function aRegler(dossier, contexte) {
  const base = `/dossiers/${dossier.personne.id}/desaccords`;
  const peut = peutRegler(contexte.utilisateur);
  return ouverts(dossier).map((desaccord) => ({
    ...faceAFace(desaccord, dossier, contexte.aujourd_hui),
    url: `${base}/${desaccord.id}`,
    op_id: peut ? contexte.nouvel_identifiant() : null,
  }));
}

export function quoi(desaccord, dossier, aujourdHui) {
  const { fiche_type: ficheType, fiche_id: ficheId } = desaccord;
  const piece = pieceDe(desaccord, dossier);
  if (piece) return `${champ(desaccord.champ, piece.forme)}, ${quoiDeLaPiece(piece)}`;
  const nom = champ(desaccord.champ);
  if (ficheType === "personne") return nom;
  const fiche = (dossier[LISTES[ficheType]] ?? []).find(({ id }) => id === ficheId);
  if (!fiche) return `${nom} (${libelle("type_fiche", ficheType).toLowerCase()})`;
  if (ficheType === "rendez_vous") return `${nom} du rendez-vous du ${moment(fiche.debut, aujourdHui)}`;
  if (ficheType === "entretien") return `${nom} de l’entretien du ${jourCourt(fiche.date, aujourdHui)}`;
  return `${nom} de la mesure`;
}

// La pièce dont c'est un champ.
const pieceDe = ({ fiche_type: type, fiche_id: ficheId }, dossier) =>
  type === "piece" ? (dossier.pieces ?? []).find(({ id }) => id === ficheId) : null;

// L'issue d'un rendez-vous que quelqu'un d'autre avait mis à un autre jour : prendre ce jour, c'est la redire.
function issueEnFace(desaccord, dossier, accord) {
  if (desaccord.fiche_type !== "rendez_vous" || desaccord.champ !== "debut" || desaccord.etat !== "ouvert") return null;
  const fiche = dossier.rendez_vous.find(({ id }) => id === desaccord.fiche_id);
  if (!fiche || fiche.statut === "propose" || !("statut" in deplace(fiche, desaccord.propose.valeur))) return null;
  return minuscule(libelle("statut_rendez_vous", fiche.statut, accord));
}

// Quand cela a été noté, à la montre de l’appareil, s’il y a loin de là à la réception.
function noteLe(heure, recue, aujourdHui) {
  if (heure === null || heure.slice(0, 13) === recue.slice(0, 13)) return null;
  return jourParis(heure) === jourParis(recue) ? `à ${heureEnMots(heureParis(heure))}` : moment(heure, aujourdHui);
}

function vueCote(desaccord, cote, accord, aujourdHui, piece) {
  const vue = desaccord[cote];
  return {
    valeur: valeur(desaccord.champ, vue.valeur, accord, aujourdHui, piece?.forme ?? null),
    par: vue.par_nom,
    recue: moment(vue.le, aujourdHui),
    note: noteLe(vue.heure, vue.le, aujourdHui),
    depuis: vue.depuis,
  };
}

function phrase({ en_vigueur: enVigueur, propose }) {
  const [par, autre] = [enVigueur, propose].map((cote) => `${cote.par_nom} (${cote.depuis})`);
  const jour = dateChiffree(enVigueur.valeur);
  return `Ce dossier a été archivé le ${jour} par ${par}, et ${autre} y a noté quelque chose de son côté.`;
}
