// Ce que l'on dit quand c'est noté : miroir de app/viewmodels/messages.py.
import { versionDuDossier } from "../domain/acces.js";
import { acte as acteDeFeuille } from "../domain/cahier.js";
import { ajouterJours, heureParis, jourParis } from "../domain/dates.js";
import { heure as heureEnMots, jourProche, minuscule } from "../domain/francais.js";
import { libelle } from "../domain/nomenclatures.js";
import { acte } from "../domain/piece.js";
import { entretiensLies, urlDeLaFiche } from "./agenda.js";
import { sexe } from "./contexte.js";

const TEXTES = {
  noter_entretien: "Contact noté.",
  modifier_entretien: "Fiche corrigée.",
  creer_personne: "Personne ajoutée à vos dossiers.",
  modifier_personne: "Situation mise à jour.",
  ouvrir_mesure: "Mesure ouverte.",
  modifier_mesure: "Dates de la mesure enregistrées.",
  prononcer_sortie: "Sortie enregistrée.",
  constater_rendez_vous: "Issue du rendez-vous notée.",
  proposer_rendez_vous: "Rendez-vous proposé.",
  deplacer_rendez_vous: "Rendez-vous déplacé.",
  partager_dossier: "Dossier partagé.",
  rattacher_rencontres: "Rattachée à ce dossier.",
  noter_rencontre: "Rencontre notée.",
  noter_inscription: "Inscription notée.",
  noter_presence: "Feuille de présence enregistrée.",
  modifier_presence: "Feuille de présence enregistrée.",
  noter_seance: "Séance ajoutée.",
  modifier_seance: "Séance enregistrée.",
  noter_maraude: "Maraude commencée.",
  noter_prevue: "Maraude prévue.",
  noter_situation: "Situation ajoutée.",
  noter_annotation: "Note ajoutée.",
  transmettre_note: "Vos choix sont notés.",
  effacer_note: "Vos choix sont notés.",
};

const ADRESSES = {
  noter_entretien: (id) => `/entretiens/${id}/modifier`,
  modifier_entretien: (id) => `/entretiens/${id}/modifier`,
  creer_personne: (id) => `/dossiers/${id}/modifier`,
  modifier_personne: (id) => `/dossiers/${id}/modifier`,
  proposer_rendez_vous: (id) => `/rendez-vous/${id}/deplacer`,
  deplacer_rendez_vous: (id) => `/rendez-vous/${id}/deplacer`,
  noter_maraude: (id) => `/maraudes/${id}/modifier`,
  modifier_maraude: (id) => `/maraudes/${id}/modifier`,
  noter_prevue: (id) => `/prevues/${id}/modifier`,
  modifier_prevue: (id) => `/prevues/${id}/modifier`,
  noter_rencontre: (id, champs) => `/maraudes/${champs.maraude_id}/modifier`,
  noter_inscription: (id) => `/inscriptions/${id}/modifier`,
  noter_seance: (id) => `/seances/${id}/modifier`,
  modifier_seance: (id) => `/seances/${id}/modifier`,
  noter_situation: (id) => `/situations/${id}/modifier`,
  modifier_situation: (id) => `/situations/${id}/modifier`,
};

export function messageConstat(rendezVous, statut, dossier, contexte) {
  const quand = momentDu(rendezVous.debut, contexte.aujourd_hui);
  const reste = entretiensLies(dossier).has(rendezVous.id) ? " L’entretien noté reste au dossier." : "";
  if (statut === "propose") {
    return { texte: `Rendez-vous ${quand} remis à préciser.${reste}`, ton: null, suite: null, annuler: null };
  }
  const mot = minuscule(libelle("constat", statut, sexe(dossier.personne, contexte)));
  const url = urlDeLaFiche({ ...rendezVous, statut }, dossier);
  return {
    texte: `Noté\u202f: ${mot}. Rendez-vous ${quand}.${statut === "honore" ? "" : reste}`,
    ton: "fait",
    suite: url ? { libelle: "Compléter la fiche", url } : apresAbsence(rendezVous, statut),
    annuler: statut === rendezVous.statut ? null : annulation(rendezVous, contexte),
  };
}

// Sans nouvelles, ce qui se propose est au dossier.
const apresAbsence = ({ personne_id: id }, statut) =>
  statut === "absence_non_excusee" ? { libelle: "Une autre date", url: `/dossiers/${id}#titre-absence` } : null;

export function messageDesaccord(desaccord, choix, contexte, annulable = false) {
  const texte = desaccord.phrase
    ? choix === "propose" ? "Dossier rouvert." : "Le dossier reste archivé."
    : `Réglé\u202f: «\u202f${desaccord[choix].valeur}\u202f» est en vigueur.`;
  const url = `/dossiers/${desaccord.personne_id}/desaccords/${desaccord.id}/reprendre`;
  const annuler = annulable ? { url, champs: [{ nom: "op_id", valeur: desaccord.op_id }] } : null;
  return { texte, ton: "fait", suite: null, annuler };
}

export const messageArchive = (dossier, archive, contexte) => ({
  texte: archive ? "Dossier archivé. La recherche le retrouve." : "Dossier rouvert.",
  ton: "fait",
  suite: null,
  annuler: {
    url: `/dossiers/${dossier.personne.id}/${archive ? "rouvrir" : "archiver"}`,
    champs: [
      { nom: "op_id", valeur: contexte.nouvel_identifiant() },
      { nom: "base", valeur: versionDuDossier(dossier) },
    ],
  },
});

export function messageCoche([operation]) {
  const dit = operation?.champs.partagee ? "Coché pour le binôme." : "Ce n’est plus partagé.";
  return { texte: operation ? dit : "Rien n’a changé.", ton: operation ? "fait" : null, suite: null, annuler: null };
}

const annulation = (rendezVous, contexte) => ({
  url: `/rendez-vous/${rendezVous.id}/constat`,
  champs: [
    { nom: "statut", valeur: rendezVous.statut },
    { nom: "op_id", valeur: contexte.nouvel_identifiant() },
    { nom: "base", valeur: rendezVous.version ?? null },
  ],
});

export function messageEnregistre(operations, avertissements = {}, brouillonGarde = false) {
  const genres = operations.map((operation) => operation.genre);
  const [piece] = genres.map((genre) => acte(genre) || acteDeFeuille(genre)).filter(Boolean);
  const [, texte = piece ? `${piece}.` : "Rien n’a changé."] = Object.entries(TEXTES).find(([genre]) => genres.includes(genre)) ?? [];
  const finie = operations.some(({ genre, champs }) => genre === "modifier_maraude" && champs.fin);
  const decidee = operations.some(({ genre, champs }) => genre === "modifier_situation" && champs.decision);
  const suite = genres.includes("proposer_rendez_vous") && genres[0] !== "proposer_rendez_vous";
  const surprises = Object.values(avertissements);
  const phrases = [
    finie ? "Maraude finie." : decidee ? "Décision notée." : texte,
    ...(genres.includes("noter_connu") ? ["Le nom est gardé au cahier."] : []),
    ...(suite ? ["Prochain rendez-vous proposé."] : []),
    ...surprises,
    ...(brouillonGarde ? ["Elles restent au brouillon de ce rendez-vous."] : []),
  ];
  return {
    texte: phrases.join(" "),
    ton: genres.length ? "fait" : null,
    suite: revoir(operations, Object.keys(avertissements)),
    annuler: null,
  };
}

// Où relire ce qui surprend : la fiche qui le porte, si elle est enregistrée et a son formulaire.
function revoir(operations, champs) {
  if (!champs.some((champ) => champ !== "demarches")) return null;
  const duSuivant = champs.every((champ) => champ.startsWith("suivant_"));
  const portent = duSuivant ? operations.filter(({ genre }) => genre === "proposer_rendez_vous") : operations;
  for (const [genre, adresse] of Object.entries(ADRESSES)) {
    const trouvee = portent.find((operation) => operation.genre === genre);
    if (trouvee) return { libelle: "Vérifier", url: adresse(trouvee.entite, trouvee.champs) };
  }
  return null;
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

export function messageDeplacement({ length: nombre }, avertissements = {}) {
  const texte = [`${nombre} rendez-vous déplacé${nombre > 1 ? "s" : ""}.`, ...Object.values(avertissements)].join(" ");
  return { texte, ton: "fait", suite: null, annuler: null };
}
