// Le fil d'un dossier : miroir de app/viewmodels/fil.py.
import { LECTEURS_DES_MOTIFS, TERRAIN } from "#jalon/permissions";

import { aUnBinome, estEnBinome } from "../domain/acces.js";
import { heureParis, jourParis } from "../domain/dates.js";
import { anneeAutre, minuscule } from "../domain/francais.js";
import { motifLisible } from "../domain/mesure.js";
import { libelle, libelleNature } from "../domain/nomenclatures.js";
import { accordDePartage } from "../domain/piece.js";
import { estRetournee, etat } from "../domain/rendez_vous.js";
import { constatsPossibles, correctionsPossibles, entretiensLies, etatLibelle, urlDeLaFiche } from "./agenda.js";
import { libelleConvention, nomDeCollegue, trierPar } from "./contexte.js";
import { tardive } from "./tardive.js";

const VIDE = {
  heure: null,
  etat: null,
  etat_libelle: null,
  moyen_libelle: null,
  lieu: null,
  duree: null,
  demarches: [],
  synthese: null,
  note_personnelle: null,
  note_transmise: null,
  partage: null,
  auteur_nom: null,
  envoi: null,
  tardive: null,
  controle: null,
  url_modifier: null,
  url_noter: null,
  op_id: null,
  base: null,
  rendez_vous_id: null,
  constats: [],
  corrections: [],
  attache: null,
};
const ATTACHE = "Un entretien est noté pour ce rendez-vous. Il restera au dossier\u202f: modifiez-le s’il n’a pas eu lieu.";
const JALONS = {
  orientee_le: "Orientation reçue",
  premier_contact_le: "Premier contact",
  entree_le: "Entrée dans la mesure",
  sortie_le: "Sortie de la mesure",
};
// Le même jour : la sortie au-dessus, puis les entretiens, les rendez-vous, et ce qui ouvre la mesure.
const RANGS = { sortie_le: 5, entretien: 4, rendez_vous: 3, entree_le: 2, premier_contact_le: 1 };

export function fil(dossier, contexte, sans = null) {
  const lies = entretiensLies(dossier);
  const tus = new Map();
  const places = dossier.entretiens.map((fiche) => placer(fiche.date, fiche.heure, "entretien", fiche));
  for (const fiche of dossier.rendez_vous) {
    const ditAilleurs = fiche.statut === "honore" && lies.has(fiche.id);
    if (fiche.id === sans || (ditAilleurs && !estRetournee(dossier, fiche.id))) {
      tus.set(fiche.id, fiche);
      continue;
    }
    places.push(placer(jourParis(fiche.debut), heureParis(fiche.debut), "rendez_vous", fiche));
  }
  for (const mesure of dossier.mesures) {
    for (const champ of Object.keys(JALONS)) if (mesure[champ]) places.push(placer(mesure[champ], null, champ, mesure));
  }
  return trierPar(places, ({ cle }) => cle, -1).map((place) => ({
    ...element(place, dossier, contexte, { lies, tus }),
    annee: anneeAutre(place.cle[0], contexte.aujourd_hui),
  }));
}

const placer = (jour, heure, genre, fiche) => ({
  cle: [jour, heure ?? "", RANGS[genre] ?? 0, `${genre}-${fiche.id}`],
  genre,
  fiche,
});

function element(place, dossier, contexte, { lies, tus }) {
  if (place.genre === "entretien") {
    return { ...entretien(place.fiche, dossier, contexte), ...issue(place.fiche, dossier, contexte, tus) };
  }
  if (place.genre === "rendez_vous") return rendezVous(place, dossier, contexte, lies);
  return jalon(place, contexte);
}

function jalon({ cle, genre, fiche: mesure }, contexte) {
  let titre = JALONS[genre];
  if (genre === "sortie_le" && mesure.sortie_motif) {
    const motif = motifLisible(mesure.sortie_motif, contexte.utilisateur.role);
    titre += `\u202f: ${minuscule(libelle("motif_sortie", motif, null, mesure.sortie_le))}`;
  }
  return {
    ...VIDE,
    genre: "jalon",
    id: cle[3],
    date: cle[0],
    titre,
    moyen_libelle: libelleConvention(mesure.convention, contexte),
    synthese: genre === "sortie_le" ? ecart(mesure, contexte) : null,
    auteur_nom: genre === "orientee_le" ? mesure.prescripteur ?? null : null,
    envoi: mesure.envoi ?? null,
  };
}

// Pourquoi la sortie n'est pas au jour que donnait la règle, pour qui lit son motif.
function ecart({ sortie_ecart: dit }, { utilisateur }) {
  return dit && LECTEURS_DES_MOTIFS.includes(utilisateur.role) ? `Un autre jour que celui de la règle\u202f: ${dit}` : null;
}

function entretien(fiche, dossier, contexte) {
  const leMien = fiche.auteur === contexte.utilisateur.id;
  const { note_personnelle: note = null, note_transmise: transmise = null } = fiche;
  return {
    ...VIDE,
    genre: "entretien",
    id: fiche.id,
    date: fiche.date,
    heure: fiche.heure,
    titre: libelle("titre_entretien", fiche.moyen),
    moyen_libelle: fiche.moyen === "presentiel" ? "face à face" : null,
    lieu: fiche.lieu,
    duree: fiche.duree,
    demarches: demarchesEnMots(fiche.demarches, fiche.date),
    synthese: fiche.synthese,
    note_personnelle: note === transmise ? null : note,
    note_transmise: transmise,
    partage: partage(fiche, dossier, contexte),
    auteur_nom: leMien ? null : fiche.auteur_nom || nomDeCollegue(fiche.auteur, contexte),
    envoi: fiche.envoi ?? null,
    tardive: tardive(fiche),
    controle: vueControle(fiche, dossier),
    url_modifier: leMien ? `/entretiens/${fiche.id}/modifier` : null,
  };
}

// De quoi le cocher pour le binôme, s'il y en a un ; jamais la note.
function partage(fiche, dossier, { aujourd_hui: jour, utilisateur, nouvel_identifiant: neuf }) {
  if (estEnBinome(dossier) || !aUnBinome(dossier, jour) || !TERRAIN.includes(utilisateur.role)) return null;
  const coche = Boolean(fiche.partagee);
  return {
    url: `/dossiers/${fiche.personne_id}/entretiens/${fiche.id}/partage`,
    coche,
    dit: coche ? phraseDuPartage("é", dossier, jour) : null,
    libelle: coche ? "Ne plus partager" : "Partager avec le binôme",
    op_id: neuf(),
    base: fiche.version ?? null,
  };
}

export function phraseDuPartage(accord, dossier, jour) {
  if (accordDePartage(dossier, jour)) return `Partag${accord} avec le binôme.`;
  return `Coch${accord} pour le binôme\u202f: il ${accord === "é" ? "le" : "la"} lira quand la personne l’aura accepté.`;
}

// De quoi corriger, sur son entretien, l'issue d'un rendez-vous qui ne paraît pas ; une seule fois s'ils sont deux.
function issue(fiche, dossier, contexte, tus) {
  const tu = tus.get(fiche.rendez_vous_id);
  if (!tu) return {};
  tus.delete(tu.id);
  return {
    rendez_vous_id: tu.id,
    op_id: contexte.nouvel_identifiant(),
    base: tu.version ?? null,
    corrections: correctionsPossibles(tu, dossier, contexte),
    attache: ATTACHE,
  };
}

function vueControle(fiche, dossier) {
  const controle = dossier.controles.find((autre) => autre.fiche_id === fiche.id);
  return controle ? { etat: controle.etat, remarque: controle.remarque, par_nom: controle.par_nom } : null;
}

function rendezVous({ cle, fiche }, dossier, contexte, lies) {
  const actuel = etat(fiche, contexte.maintenant);
  const constats = constatsPossibles(fiche, dossier, contexte);
  const corrections = correctionsPossibles(fiche, dossier, contexte);
  return {
    ...VIDE,
    genre: "rendez_vous",
    id: fiche.id,
    date: cle[0],
    heure: cle[1],
    titre: "Rendez-vous",
    etat: actuel === "propose" ? "a_venir" : actuel,
    etat_libelle: etatLibelle(actuel, dossier.personne, contexte),
    lieu: fiche.lieu,
    duree: fiche.duree,
    envoi: fiche.envoi ?? null,
    tardive: tardive(fiche),
    controle: vueControle(fiche, dossier),
    url_noter: urlDeLaFiche(fiche, dossier),
    op_id: constats.length || corrections.length ? contexte.nouvel_identifiant() : null,
    base: fiche.version ?? null,
    rendez_vous_id: fiche.id,
    attache: lies.has(fiche.id) ? ATTACHE : null,
    constats,
    corrections,
  };
}

export function demarchesEnMots(demarches, jour) {
  const parFamille = new Map();
  for (const { famille, nature } of demarches) {
    if (!parFamille.has(famille)) parFamille.set(famille, []);
    if (nature) parFamille.get(famille).push(libelleNature(famille, nature, jour));
  }
  return [...parFamille].map(
    ([famille, natures]) => libelle("demarche", famille) + (natures.length ? ` (${natures.join("\u202f; ")})` : ""),
  );
}
