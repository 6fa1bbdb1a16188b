// Ce que toute projection fait d'un dossier : miroir de app/domain/projection/changement.py.
import { jourParis } from "../dates.js";

export const envoiDe = (operation) => operation.envoi || "en_attente";

export const dateEffet = (operation) => operation.champs.date_effet || jourParis(operation.heure);

export function insererValeur(historique, jour, valeur) {
  const autres = historique.filter(([effet]) => effet !== jour);
  return [...autres, [jour, valeur]].sort(([a], [b]) => (a < b ? -1 : 1));
}

export function ajouter(dossier, liste, fiche, operation) {
  if (!dossier || dossier[liste].some((presente) => presente.id === fiche.id)) return dossier;
  return { ...dossier, [liste]: [...dossier[liste], { ...fiche, envoi: envoiDe(operation) }] };
}

export function changer(dossier, liste, operation, champs) {
  if (!dossier) return null;
  const fiches = dossier[liste].map((fiche) =>
    fiche.id === operation.entite ? { ...fiche, ...champs, envoi: envoiDe(operation) } : fiche,
  );
  return { ...dossier, [liste]: fiches, controles: rouverts(dossier, operation) };
}

// Une fiche modifiée revient à la lecture du chef de service, sa remarque avec elle.
export const rouverts = (dossier, operation) =>
  dossier.controles.map((controle) =>
    controle.fiche_id === operation.entite ? { ...controle, etat: "recue" } : controle,
  );
