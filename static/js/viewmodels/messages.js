// Ce que l'on dit quand c'est noté : miroir de app/viewmodels/messages.py.
import { ajouterJours, heureParis, jourParis } from "../domain/dates.js";
import { heure as heureEnMots, jourProche, minuscule } from "../domain/francais.js";
import { libelle } from "../domain/nomenclatures.js";
import { sexe } from "./contexte.js";

const TEXTES = {
  noter_entretien: "Contact noté.",
  modifier_entretien: "Fiche corrigée.",
  creer_personne: "Personne ajoutée à vos dossiers.",
  modifier_personne: "Situation mise à jour.",
  constater_rendez_vous: "Issue du rendez-vous notée.",
  proposer_rendez_vous: "Rendez-vous proposé.",
  deplacer_rendez_vous: "Rendez-vous déplacé.",
};

export function messageConstat(rendezVous, statut, dossier, contexte) {
  const quand = momentDu(rendezVous.debut, contexte.aujourd_hui);
  if (statut === "propose") return { texte: `Rendez-vous ${quand} remis à préciser.`, ton: null, annuler: null };
  const mot = minuscule(libelle("constat", statut, sexe(dossier.personne, contexte)));
  return {
    texte: `Noté : ${mot}. Rendez-vous ${quand}.`,
    ton: "fait",
    annuler: statut === rendezVous.statut ? null : annulation(rendezVous, contexte),
  };
}

const annulation = (rendezVous, contexte) => ({
  url: `/rendez-vous/${rendezVous.id}/constat`,
  champs: [
    { nom: "statut", valeur: rendezVous.statut },
    { nom: "op_id", valeur: contexte.nouvel_identifiant() },
  ],
});

export function messageEnregistre(operations) {
  const genres = operations.map((operation) => operation.genre);
  const [, texte = "Rien n’a changé."] = Object.entries(TEXTES).find(([genre]) => genres.includes(genre)) ?? [];
  const suite = genres.includes("proposer_rendez_vous") && genres[0] !== "proposer_rendez_vous";
  return {
    texte: suite ? `${texte} Prochain rendez-vous proposé.` : texte,
    ton: genres.length ? "fait" : null,
    annuler: null,
  };
}

// « de 9 h » aujourd'hui, « d’hier », « du jeudi 12 novembre ».
function momentDu(debut, aujourdHui) {
  const jour = jourParis(debut);
  if (jour === aujourdHui) return `de ${heureEnMots(heureParis(debut))}`;
  const proche = jour === ajouterJours(aujourdHui, -1) || jour === ajouterJours(aujourdHui, 1);
  const mots = jourProche(jour, aujourdHui);
  if (!proche) return `du ${mots}`;
  return jour < aujourdHui ? `d’${mots}` : `de ${mots}`;
}
