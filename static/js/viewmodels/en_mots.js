// Un champ et sa valeur, comme on les dit : miroir de app/viewmodels/en_mots.py.
import { catalogue } from "../domain/champs_personne.js";
import { heureParis, jourParis } from "../domain/dates.js";
import { dateChiffree, duree, heure, jourCourt, moisLong } from "../domain/francais.js";
import { libelle } from "../domain/nomenclatures.js";
import { demarchesEnMots } from "./fil.js";
import { libelle as libelleDePiece, valeurDuChamp } from "./mots_piece.js";

export const RIEN = "rien";

const CHAMPS = new Map(
  Object.entries({
    archive_le: "Dossier archivé",
    convention: "Convention",
    date: "Date",
    debut: "Date et heure",
  du: "À partir du",
    demarches: "Démarches",
    duree: "Durée",
    ecart: "Pourquoi une autre date",
    calculee_le: "Sortie selon la règle",
    sortie_le: "Sortie",
    sortie_motif: "Motif de la sortie",
    entree_le: "Entrée",
    fiche_type: "Fiche",
    heure: "Heure",
  jusqu_au: "Jusqu’au",
    lieu: "Lieu",
    motif: "Pourquoi",
  moyen: "Moyen",
    note_personnelle: "Note personnelle",
    orientee_le: "Orientation reçue",
    partagee: "Partagé avec le binôme",
    premier_contact_le: "Premier contact",
    prescripteur: "Prescripteur",
    remarque: "Remarque",
    statut: "Issue",
    synthese: "Synthèse",
  }),
);
const JOURS = ["archive_le", "date", "du", "entree_le", "jusqu_au", "orientee_le", "premier_contact_le", "calculee_le", "sortie_le"];
const LISTES = new Map(
  Object.entries({
    sortie_motif: "motif_sortie",
    motif: "motif_partage", moyen: "moyen", statut: "statut_rendez_vous", modalite: "modalite", fiche_type: "type_fiche",
  }),
);

export const champ = (nom, forme = null) => (forme && libelleDePiece(forme, nom)) || champDe(nom);

const champDe = (nom) => catalogue().get(nom)?.libelle ?? CHAMPS.get(nom) ?? nom;

export function valeur(nom, donnee, sexe = null, jour = null, forme = null) {
  if (nom === "archive_le") return donnee ? `archivé le ${dateChiffree(donnee)}` : "ouvert";
  if (donnee === null || donnee === "" || (Array.isArray(donnee) && !donnee.length)) return RIEN;
  return (forme ? valeurDuChamp(forme, nom, donnee) : lue(nom, donnee, sexe, jour)) || RIEN;
}

function lue(nom, donnee, sexe, jour) {
  const connu = catalogue().get(nom);
  if (connu) return valeurEnMots(connu, donnee, sexe);
  if (JOURS.includes(nom)) return dateChiffree(donnee);
  if (LISTES.has(nom)) return libelle(LISTES.get(nom), donnee, sexe);
  if (typeof donnee === "boolean") return donnee ? "oui" : "non";
  if (nom === "debut") return moment(donnee);
  if (nom === "duree") return duree(donnee);
  if (nom === "heure") return heure(donnee);
  if (nom === "demarches") return demarchesEnMots(donnee, jour ?? "2026-01-01").join(", ");
  return String(donnee);
}

export const moment = (instant, aujourdHui = null) =>
  `${jourCourt(jourParis(instant), aujourdHui)} à ${heure(heureParis(instant))}`;

const EN_MOTS = {
  code: (champ, donnee, accord) => libelle(champ.liste, donnee, accord),
  codes: (champ, donnee, accord) => donnee.map((code) => libelle(champ.liste, code, accord)).join(", "),
  textes: (champ, donnee) => donnee.join(", "),
  booleen: (champ, donnee) => (donnee ? "oui" : "non"),
  jour: (champ, donnee) => dateChiffree(donnee),
  mois: (champ, donnee) => moisLong(donnee),
  commune: (champ, donnee) => donnee.nom,
  telephones: (champ, donnee) => donnee.map((telephone) => grouper(telephone.numero)).join(", "),
};

export const valeurEnMots = (champ, donnee, accord) =>
  EN_MOTS[champ.genre] ? EN_MOTS[champ.genre](champ, donnee, accord) : String(donnee);

export const grouper = (numero) =>
  numero.length === 10 && numero.startsWith("0") ? numero.match(/../gs).join("\u202f") : numero;
