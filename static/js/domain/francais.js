// Ce que le carnet écrit : miroir de app/domain/francais.py.
import { jourDeSemaine, joursEntre } from "./dates.js";

export const MOIS = [
  "janvier", "février", "mars", "avril", "mai", "juin",
  "juillet", "août", "septembre", "octobre", "novembre", "décembre",
];
const MOIS_COURTS = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];
export const SEMAINE = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

export function quantieme(jour, aujourdHui = null) {
  const numero = +jour.slice(8, 10);
  const texte = `${numero === 1 ? "1er" : numero} ${MOIS[+jour.slice(5, 7) - 1]}`;
  return aujourdHui !== null && jour.slice(0, 4) === aujourdHui.slice(0, 4) ? texte : `${texte} ${jour.slice(0, 4)}`;
}

export const jourLong = (jour, aujourdHui = null) => `${SEMAINE[jourDeSemaine(jour)]} ${quantieme(jour, aujourdHui)}`;

export function jourProche(jour, aujourdHui) {
  const proches = { "-1": "hier", 0: "aujourd’hui", 1: "demain" };
  return proches[joursEntre(aujourdHui, jour)] ?? jourLong(jour, aujourdHui);
}

export function jourCourt(jour, aujourdHui = null) {
  const numero = +jour.slice(8, 10);
  const semaine = SEMAINE[jourDeSemaine(jour)].slice(0, 3);
  const annee = aujourdHui ? anneeAutre(jour, aujourdHui) : null;
  const texte = `${semaine}. ${numero === 1 ? "1er" : numero} ${MOIS_COURTS[+jour.slice(5, 7) - 1]}`;
  return annee ? `${texte} ${annee}` : texte;
}

export const anneeAutre = (jour, aujourdHui) => (jour.slice(0, 4) === aujourdHui.slice(0, 4) ? null : jour.slice(0, 4));

export const dateChiffree = (jour) => `${jour.slice(8, 10)}/${jour.slice(5, 7)}/${jour.slice(0, 4)}`;

export const moisLong = (mois) => `${MOIS[+mois.slice(5, 7) - 1]} ${mois.slice(0, 4)}`;

export function heure(texte) {
  if (!texte) return "";
  const heures = +texte.slice(0, 2);
  const minutes = texte.slice(3, 5);
  return minutes === "00" ? `${heures}\u00a0h` : `${heures}\u00a0h\u00a0${minutes}`;
}

export function duree(minutes) {
  if (minutes === null || minutes === undefined) return "";
  const heures = Math.floor(minutes / 60);
  const reste = minutes % 60;
  if (!heures) return `${reste}\u00a0min`;
  return reste ? `${heures}\u00a0h\u00a0${String(reste).padStart(2, "0")}` : `${heures}\u00a0h`;
}

export const quantite = (nombre, singulier, pluriel = null) =>
  `${nombre} ${Math.abs(nombre) < 2 ? singulier : pluriel ?? singulier + "s"}`;

export function accord(sexe, neutre, feminin, masculin) {
  if (sexe === "femme") return feminin;
  return sexe === "homme" ? masculin : neutre;
}

export const majuscule = (texte) => texte.slice(0, 1).toUpperCase() + texte.slice(1);

export const minuscule = (texte) => texte.slice(0, 1).toLowerCase() + texte.slice(1);

export const de = (nom) => ("aeiouyàâéèêëîïôöùûh".includes(nom.slice(0, 1).toLowerCase() || "-") ? "d’" : "de ") + nom;
