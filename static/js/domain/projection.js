// Le dossier tel qu'il sera, avec ce que l'on a noté : miroir de app/domain/projection.py.
import { TERRAIN } from "#jalon/permissions";

import { catalogue } from "./champs_personne.js";
import { jourParis } from "./dates.js";
import { CLES, estVide, genreDePiece, modifiee } from "./piece.js";
import { regler } from "./reglement.js";

const LISTES = ["mesures", "rendez_vous", "entretiens", "controles"];

export function projeter(dossier, operation, acteur) {
  const [verbe, forme] = genreDePiece(operation.genre) ?? [];
  if (verbe) return dossier && PIECES[verbe]({ pieces: [], ...dossier }, forme, operation, acteur);
  if (!Object.hasOwn(GENRES_APPLIQUES, operation.genre)) return dossier;
  return GENRES_APPLIQUES[operation.genre](dossier, operation, acteur);
}

export function insererValeur(historique, jour, valeur) {
  const autres = historique.filter(([effet]) => effet !== jour);
  return [...autres, [jour, valeur]].sort(([a], [b]) => (a < b ? -1 : 1));
}

const nouveauDossier = (personne) => ({ personne, ...Object.fromEntries(LISTES.map((liste) => [liste, []])) });

const envoiDe = (operation) => operation.envoi || "en_attente";

const dateEffet = (operation) => operation.champs.date_effet || jourParis(operation.heure);

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

function ouvrirMesure(dossier, operation, acteur) {
  const { champs } = operation;
  const depuis = champs.entree_le || champs.orientee_le || dateEffet(operation);
  // Le secrétariat ouvre pour d'autres : le référent reste à désigner.
  const referent = TERRAIN.includes(acteur.role) ? [[depuis, acteur.id]] : [];
  const mesure = {
    type: "mesure",
    id: operation.entite,
    personne_id: operation.personne,
    version: null,
    reference: null,
    convention: champs.convention,
    orientee_le: champs.orientee_le ?? null,
    prescripteur: champs.prescripteur ?? null,
    premier_contact_le: champs.premier_contact_le ?? null,
    entree_le: champs.entree_le ?? null,
    fin_prevue_le: null,
    sortie_le: null,
    sortie_motif: null,
    historique: { referent, modalite: champs.modalite ? [[depuis, champs.modalite]] : [] },
  };
  return ajouter(dossier, "mesures", mesure, operation);
}

function proposerRendezVous(dossier, operation) {
  const { champs } = operation;
  const rendezVous = {
    type: "rendez_vous",
    id: operation.entite,
    personne_id: operation.personne,
    mesure_id: champs.mesure_id,
    version: null,
    reference: null,
    debut: champs.debut,
    duree: champs.duree ?? null,
    lieu: champs.lieu ?? null,
    statut: "propose",
  };
  return ajouter(dossier, "rendez_vous", rendezVous, operation);
}

function noterEntretien(dossier, operation, acteur) {
  const { champs } = operation;
  const entretien = {
    type: "entretien",
    id: operation.entite,
    personne_id: operation.personne,
    mesure_id: champs.mesure_id ?? null,
    version: null,
    reference: null,
    rendez_vous_id: champs.rendez_vous_id ?? null,
    date: champs.date,
    heure: champs.heure ?? null,
    duree: champs.duree ?? null,
    moyen: champs.moyen,
    lieu: champs.lieu ?? null,
    demarches: champs.demarches ?? [],
    synthese: champs.synthese ?? null,
    note_personnelle: champs.note_personnelle ?? null,
    auteur: acteur.id,
    auteur_nom: acteur.nom,
  };
  return ajouter(dossier, "entretiens", entretien, operation);
}

const modifierMesure = (dossier, operation) => changer(dossier, "mesures", operation, operation.champs);

// Le motif d'une autre date que celle de la règle reste au journal.
function prononcerSortie(dossier, operation) {
  const dite = Object.entries(operation.champs).filter(([nom]) => nom.startsWith("sortie_"));
  return changer(dossier, "mesures", operation, Object.fromEntries(dite));
}

const constaterRendezVous = (dossier, operation) =>
  changer(dossier, "rendez_vous", operation, { statut: operation.champs.statut });

const deplacerRendezVous = (dossier, operation) => changer(dossier, "rendez_vous", operation, operation.champs);

// Une note de travail, une coche ne sont pas une fiche à relire.
function modifierEntretien(dossier, operation) {
  const suivant = changer(dossier, "entretiens", operation, operation.champs);
  const seule = Object.keys(operation.champs).every((champ) => champ === "note_personnelle" || champ === "partagee");
  return suivant && seule ? { ...suivant, controles: dossier.controles } : suivant;
}

// Transmise, elle se lit de qui suit le dossier ; ce n'est pas une fiche à relire.
function deciderNote(dossier, operation) {
  if (!dossier) return null;
  const decidee = ({ note_personnelle: note = null }) =>
    operation.genre === "effacer_note" ? { note_personnelle: null, note_transmise: null } : { note_transmise: note };
  const entretiens = dossier.entretiens.map((fiche) =>
    fiche.id === operation.entite ? { ...fiche, ...decidee(fiche), envoi: envoiDe(operation) } : fiche,
  );
  return { ...dossier, entretiens };
}

const controler = (etat) => (dossier, operation, acteur) => {
  if (!dossier) return null;
  const fiches = new Map(dossier.controles.map((controle) => [controle.fiche_id, controle]));
  const vierge = {
    type: "controle",
    id: operation.entite,
    personne_id: operation.personne,
    version: null,
    fiche_type: operation.champs.fiche_type,
    fiche_id: operation.entite,
  };
  fiches.set(operation.entite, {
    ...(fiches.get(operation.entite) ?? vierge),
    etat,
    remarque: operation.champs.remarque ?? null,
    par_nom: acteur.nom,
    le: operation.heure,
    envoi: envoiDe(operation),
  });
  return { ...dossier, controles: [...fiches.values()] };
};

// La fiche est de nouveau à lire, comme à son arrivée.
function remettre(dossier, operation) {
  if (!dossier) return null;
  const neuve = { etat: "recue", remarque: null, par_nom: null, le: null, envoi: envoiDe(operation) };
  const controles = dossier.controles.map((controle) =>
    controle.fiche_id === operation.entite ? { ...controle, ...neuve } : controle,
  );
  return { ...dossier, controles };
}

// Ce qui était prévu après revient aussi au nouveau référent.
function confier(dossier, operation) {
  if (!dossier) return null;
  const { referent } = operation.champs;
  const jour = dateEffet(operation);
  const mesures = dossier.mesures.map((mesure) => {
    if (mesure.id !== operation.entite) return mesure;
    const suivis = mesure.historique.referent.map(([debut, qui]) => [debut, debut > jour ? referent : qui]);
    const historique = { ...mesure.historique, referent: insererValeur(suivis, jour, referent) };
    return { ...mesure, historique, envoi: envoiDe(operation) };
  });
  return { ...dossier, mesures };
}

function partager(dossier, operation, acteur) {
  if (!dossier) return null;
  const { champs } = operation;
  const partage = {
    type: "partage",
    id: operation.entite,
    personne_id: operation.personne,
    version: null,
    utilisateur: champs.utilisateur,
    utilisateur_nom: null,
    du: champs.du ?? null,
    jusqu_au: champs.jusqu_au ?? null,
    motif: champs.motif ?? null,
    par_nom: acteur.nom,
    fin_le: null,
  };
  return ajouter({ ...dossier, partages: dossier.partages ?? [] }, "partages", partage, operation);
}

// Un partage déjà fini garde son jour : deux personnes y ont pensé.
function cesser(dossier, operation) {
  if (!dossier) return null;
  const fin_le = jourParis(operation.heure);
  const partages = (dossier.partages ?? []).map((partage) =>
    partage.id === operation.entite && !partage.fin_le ? { ...partage, fin_le, envoi: envoiDe(operation) } : partage,
  );
  return { ...dossier, partages };
}

const archiver = (dossier, operation) => ranger(dossier, operation, operation.champs.le || jourParis(operation.heure));

const rouvrir = (dossier, operation) => ranger(dossier, operation, null);

const ranger = (dossier, operation, archive_le) =>
  dossier && { ...dossier, personne: { ...dossier.personne, archive_le, envoi: envoiDe(operation) } };

const reglerDesaccord = (dossier, operation, acteur) =>
  dossier && regler(dossier, operation, { qui: acteur.nom, envoi: envoiDe(operation), inserer: insererValeur });

function noterPiece(dossier, forme, operation, acteur) {
  const { champs } = operation;
  const fiche = {
    type: "piece",
    id: operation.entite,
    personne_id: operation.personne,
    version: null,
    forme,
    mesure_id: champs.mesure_id ?? null,
    reference: null,
    auteur: acteur.id,
    auteur_nom: acteur.nom,
    note_le: operation.heure,
    retiree_le: null,
    retrait_motif: null,
    partagee: Boolean(champs.partagee),
    tardive: null,
    valeurs: Object.fromEntries(Object.entries(champs).filter(([nom, lue]) => !CLES.includes(nom) && !estVide(lue))),
    revisions: [],
  };
  return ajouter(dossier, "pieces", fiche, operation);
}

// Ce qu'elle disait avant reste, avec qui l'a changé.
function modifierPiece(dossier, _forme, operation, acteur) {
  const connue = dossier.pieces.find(({ id }) => id === operation.entite);
  return connue ? changer(dossier, "pieces", operation, modifiee(connue, operation, acteur.nom)) : dossier;
}

const retirerPiece = (dossier, _forme, operation) =>
  changer(dossier, "pieces", operation, { retiree_le: operation.heure, retrait_motif: operation.champs.motif ?? null });

const PIECES = { noter: noterPiece, modifier: modifierPiece, retirer: retirerPiece };

function ajouter(dossier, liste, fiche, operation) {
  if (!dossier || dossier[liste].some((presente) => presente.id === fiche.id)) return dossier;
  return { ...dossier, [liste]: [...dossier[liste], { ...fiche, envoi: envoiDe(operation) }] };
}

function changer(dossier, liste, operation, champs) {
  if (!dossier) return null;
  const fiches = dossier[liste].map((fiche) =>
    fiche.id === operation.entite ? { ...fiche, ...champs, envoi: envoiDe(operation) } : fiche,
  );
  return { ...dossier, [liste]: fiches, controles: rouverts(dossier, operation) };
}

// Une fiche modifiée revient à la lecture du chef de service, sa remarque avec elle.
const rouverts = (dossier, operation) =>
  dossier.controles.map((controle) =>
    controle.fiche_id === operation.entite ? { ...controle, etat: "recue" } : controle,
  );

const GENRES_APPLIQUES = {
  creer_personne: creerPersonne,
  modifier_personne: modifierPersonne,
  ouvrir_mesure: ouvrirMesure,
  modifier_mesure: modifierMesure,
  prononcer_sortie: prononcerSortie,
  proposer_rendez_vous: proposerRendezVous,
  constater_rendez_vous: constaterRendezVous,
  deplacer_rendez_vous: deplacerRendezVous,
  noter_entretien: noterEntretien,
  modifier_entretien: modifierEntretien,
  transmettre_note: deciderNote,
  effacer_note: deciderNote,
  archiver_dossier: archiver,
  rouvrir_dossier: rouvrir,
  regler_desaccord: reglerDesaccord,
  confier_mesure: confier,
  partager_dossier: partager,
  cesser_partage: cesser,
  valider_fiche: controler("validee"),
  retourner_fiche: controler("retournee"),
  remettre_fiche: remettre,
  reprendre_operation: (dossier) => dossier,
  fusionner_dossiers: (dossier) => dossier,
  separer_dossiers: (dossier) => dossier,
  echoir_note: (dossier) => dossier,
};

export const GENRES = Object.keys(GENRES_APPLIQUES);
