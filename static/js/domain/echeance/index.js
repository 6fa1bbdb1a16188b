// Ce qui est attendu, quand, pourquoi, et le geste qui le règle : miroir de app/domain/echeance/, où les règles sont dites.
import { DELAIS } from "#jalon/delais";

import { estEnBinome } from "../acces.js";
import { ajouterJours, ajouterMois, jourParis, minuit } from "../dates.js";
import { majuscule, minuscule } from "../francais.js";
import { RENCONTRES, annoncer } from "./attente.js";
import * as cadence from "./cadence.js";
import * as delai from "./delai.js";
import { Situation, plusTot } from "./faits.js";
import * as note from "./note.js";
import * as semaine from "./semaine.js";
import * as piece from "./sur_piece.js";
import * as terme from "./terme.js";
import * as total from "./total.js";

export { cadenceEnMots, periodeApres, prochainALaCadence } from "./cadence.js";

export const REGISTRE = Object.fromEntries(
  DELAIS.genres.map((genre) => [genre.code, { retard: minuscule(`${genre.quoi} ${genre.verbe}`), ...genre }]),
);

const FAMILLES = { delai, terme, cadence, total, semaine, piece, note };
const URGENCES = ["en_retard", "proche", "prevu", "a_venir"];

// Propre au téléphone, qui refait ses listes à chaque écran : un dossier intact n’est recalculé que quand l’heure y change quelque chose.
const connues = new WeakMap();

export function echeances(dossier, conventions, maintenant) {
  if (estEnBinome(dossier)) return [];
  const connue = connues.get(dossier);
  if (connue?.conventions === conventions && connue.depuis <= maintenant && maintenant < connue.jusquA) return connue.dues;
  const contexte = { conventions, maintenant, aujourdHui: jourParis(maintenant) };
  const trouvees = dossier.mesures.flatMap((mesure) => reunir(deLaMesure(new Situation(dossier, mesure, contexte))));
  const dues = trier(trouvees, (e) => e.due_le + e.mesure_id);
  connues.set(dossier, { conventions, depuis: maintenant, jusquA: prochainMoment(dossier, contexte), dues });
  return dues;
}

// Minuit, ou l’heure d’un rendez-vous proposé : d’à venir, il devient à préciser.
function prochainMoment(dossier, { maintenant, aujourdHui }) {
  const proposes = dossier.rendez_vous.filter(({ statut, debut }) => statut === "propose" && debut >= maintenant);
  return plusTot([minuit(ajouterJours(aujourdHui, 1)), ...proposes.map(({ debut }) => debut)]);
}

function deLaMesure(situation) {
  const annoncees = [];
  for (const genre of DELAIS.genres) {
    if (!genre.statuts.includes(situation.statut) || (situation.suspendue && !genre.malgre_suspension)) continue;
    const convention = genre.regle ? situation.convention(genre.version) : null;
    const regle = convention?.[genre.regle];
    if (genre.regle && !(genre.cle ? regle?.[genre.cle] : regle)) continue;
    const attente = FAMILLES[genre.famille].attendre(genre, regle, situation, convention);
    if (attente && !estPerimee(genre, attente, situation)) annoncees.push(annoncer(genre, attente, convention, situation));
  }
  return annoncees;
}

const estPerimee = ({ perime_mois: mois, perime_ouverte: ouverte }, attente, { statut, aujourdHui }) =>
  Boolean(mois) && (ouverte || statut === "sortie") && aujourdHui > ajouterMois(attente.due_le, mois);

// Une ligne par geste : la plus urgente le dit, les autres y sont rappelées.
function reunir(annoncees) {
  const parGeste = new Map();
  for (const { geste, ...echeance } of annoncees) {
    parGeste.set(geste, [...(parGeste.get(geste) ?? []), echeance]);
  }
  return [...parGeste.values()].map((groupe) => {
    const [premiere, ...autres] = trier(groupe, (e) => URGENCES.indexOf(e.etat) + e.due_le);
    const rappels = autres.map(({ titre }) => ` Aussi\u202f: ${minuscule(titre)}.`).join("");
    return { ...premiere, pourquoi: premiere.pourquoi + rappels, aussi: autres.map(({ genre }) => genre) };
  });
}

const trier = (liste, cle) => liste.sort((a, b) => (cle(a) > cle(b)) - (cle(a) < cle(b)));

export const seRegleParUnRendezVous = ({ genre }) =>
  REGISTRE[genre].attendus.some(({ chemin }) => RENCONTRES.includes(chemin));

export const rappeler = ({ genre }, convention) =>
  genre === "cadence"
    ? `${majuscule(cadence.cadenceEnMots(convention.cadence))} au moins`
    : REGISTRE[genre].quoi ?? "Rendez-vous physiques";
