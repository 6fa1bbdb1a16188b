// Les champs d'une pièce comme on les dit : miroir de app/viewmodels/mots_piece.py.
import { heureParis, jourParis } from "../domain/dates.js";
import * as formes from "../domain/formes.js";
import { dateChiffree, heure, jourCourt, moisLong } from "../domain/francais.js";
import * as nomenclatures from "../domain/nomenclatures.js";
import { estVide, heures } from "../domain/piece.js";
import * as position from "../domain/position.js";

const AUTRES = new Map([["mesure_id", "Mesure"], ["partagee", "Partagée avec le binôme"], ["motif", "Motif"]]);

const champDe = (code, nom) => {
  const decrite = formes.forme(code);
  return decrite && formes.champ(decrite, nom);
};

export const libelle = (code, nom) => champDe(code, nom)?.libelle ?? AUTRES.get(nom) ?? null;

const OUI_NON = new Map([[true, "oui"], [false, "non"]]);

export function valeurDuChamp(code, nom, donnee, dossier = null) {
  const champ = champDe(code, nom);
  return champ ? enMots(champ, donnee, dossier) : (OUI_NON.get(donnee) ?? String(donnee));
}

const EN_MOTS = {
  code: (champ, donnee) => nomenclatures.libelle(champ.liste, donnee),
  codes: (champ, donnee) => donnee.map((code) => nomenclatures.libelle(champ.liste, code)).join(", "),
  booleen: (_champ, donnee) => (donnee ? "oui" : "non"),
  jour: (_champ, donnee) => dateChiffree(donnee),
  mois: (_champ, donnee) => moisLong(donnee),
  heures: (_champ, donnee) => heures(donnee),
  entier: ({ degres }, donnee) => (degres ? degres[donnee - 1] : String(donnee)),
  signature: () => "signature faite à l’écran",
  position: (_champ, donnee) => position.enMots(donnee),
  fiche: (_champ, donnee, dossier) => citee(donnee, dossier),
  lignes: (champ, donnee) => donnee.map((ligne) => ligneEnMots(champ, ligne)).join("\u202f; "),
};
EN_MOTS.grille = EN_MOTS.lignes;

export const enMots = (champ, donnee, dossier = null) =>
  EN_MOTS[champ.genre] ? EN_MOTS[champ.genre](champ, donnee, dossier) : String(donnee);

function ligneEnMots(champ, ligne) {
  const mots = champ.champs.filter(({ nom }) => !estVide(ligne[nom])).map((petit) => enMots(petit, ligne[petit.nom])).join(", ");
  return champ.genre === "grille" ? `${nomenclatures.libelle(champ.liste, ligne.cle)}\u202f: ${mots}` : mots;
}

function citee(identifiant, dossier) {
  const fiche = (dossier?.rendez_vous ?? []).find(({ id }) => id === identifiant);
  return fiche ? `${jourCourt(jourParis(fiche.debut))} à ${heure(heureParis(fiche.debut))}` : "un rendez-vous";
}
