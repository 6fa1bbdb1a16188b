// Les pièces d'un dossier, ce qui peut s'y ajouter, la lecture de chacune : miroir de app/viewmodels/piece.py.
import { TERRAIN } from "#jalon/permissions";

import { echeances } from "../domain/echeance/index.js";
import { aLaRegle, charger, forme, formesPour } from "../domain/formes.js";
import { anneeAutre } from "../domain/francais.js";
import { conventionAu, estOuverte, mesurePrincipale } from "../domain/mesure.js";
import { donnees, libelle } from "../domain/nomenclatures.js";
import * as piece from "../domain/piece.js";
import { enTete, libelleConvention, trierPar } from "./contexte.js";
import { moment } from "./en_mots.js";
import { phraseDuPartage } from "./fil.js";
import { resume, versionMontree } from "./formulaires.js";
import { delaiEnMots } from "./ma_journee.js";
import * as mots from "./mots_piece.js";
import { radar } from "./radar.js";
import { tardive } from "./tardive.js";

export const AJOUTER = "/pieces/nouvelle";
const LECTURES = { grille: "lignes", lignes: "lignes", signature: "signature", long: "long" };

const parGroupe = (faire) =>
  Object.entries(donnees().groupes_pieces).flatMap(([code, titre]) => {
    const contenu = faire(code);
    return Object.values(contenu)[0].length ? [{ titre, ...contenu }] : [];
  });

export function section(dossier, contexte) {
  const lisibles = (dossier.pieces ?? []).filter((fiche) => forme(fiche.forme));
  const lignes = (voulue) => recentes(lisibles.filter(voulue)).map((fiche) => ligne(fiche, dossier, contexte));
  return {
    groupes: parGroupe((code) => ({ pieces: lignes((fiche) => !fiche.retiree_le && forme(fiche.forme).groupe === code) })),
    retirees: lignes((fiche) => fiche.retiree_le),
    url_ajouter: offertes(dossier, contexte).length ? `${AJOUTER}?dossier=${dossier.personne.id}` : null,
  };
}

export function ajouter(dossier, contexte) {
  const toutes = offertes(dossier, contexte);
  const dues = toutes.length ? echeances(dossier, contexte.reference.conventions, contexte.maintenant) : [];
  const attendues = dues.filter(({ action }) => action.url.startsWith("/pieces/"));
  const due = (code) => attendues.some(({ action }) => `${action.url}&`.includes(`forme=${code}&`));
  return {
    dossier: enTete(dossier),
    attendues: attendues.map(({ action, titre, etat, ...reste }) => ({
      ...action,
      titre,
      mesure: dossier.mesures.length > 1 ? libelleConvention(reste.convention, contexte) : null,
      etat,
      etat_libelle: delaiEnMots({ etat, ...reste }),
    })),
    demandees: toutes
      .filter(({ code, regle, selon_le_cas: selonLeCas }) => regle && !selonLeCas && !piece.piecesDe(dossier, code).length && !due(code))
      .map((decrite) => offre(decrite, dossier)),
    groupes: parGroupe((code) => ({
      formes: toutes.filter(({ groupe }) => groupe === code).map((decrite) => offre(decrite, dossier)),
    })),
  };
}

const controleDe = (dossier, fiche) => {
  const controle = fiche && dossier.controles.find(({ fiche_id: cible }) => cible === fiche.id);
  return controle ? { etat: controle.etat, remarque: controle.remarque, par_nom: controle.par_nom } : null;
};

export { controleDe };

export function lecture(dossier, contexte, existante, erreurs = {}) {
  const decrite = forme(existante.forme) ?? { code: existante.forme, libelle: existante.forme, champs: [] };
  const ecrit = TERRAIN.includes(contexte.utilisateur.role) && !existante.retiree_le;
  const mesure = dossier.mesures.find(({ id }) => id === existante.mesure_id);
  const url = `/pieces/${existante.id}`;
  const jour = contexte.aujourd_hui;
  return {
    piece: {
      id: existante.id,
      ...nomsDe(decrite, existante),
      mesure: mesure ? libelleConvention(mesure.convention, contexte) : null,
      note: `${moment(existante.note_le, jour)}, par ${existante.auteur_nom}`,
      envoi: existante.envoi ?? null,
      tardive: tardive(existante),
      controle: controleDe(dossier, existante),
      retiree: existante.retiree_le ? { le: moment(existante.retiree_le, jour), motif: existante.retrait_motif ?? null } : null,
      partage: partageEnMots(decrite, existante, dossier, jour),
    },
    dossier: enTete(dossier),
    champs: decrite.champs
      .filter(({ nom }) => !piece.estVide(existante.valeurs[nom]))
      .map((champ) => lu(champ, existante, dossier, mesure)),
    revisions: (existante.revisions ?? []).map((revision) => ({
      quand: moment(revision.le, jour),
      par: revision.par_nom,
      champs: Object.entries(revision.champs)
        .filter(([nom]) => nom !== "mesure_id")
        .map(([nom, donnee]) => ({
          libelle: mots.libelle(existante.forme, nom) || nom,
          valeur: piece.estVide(donnee) ? "rien" : mots.valeurDuChamp(existante.forme, nom, donnee, dossier),
        })),
    })),
    url_modifier: ecrit ? `${url}/modifier` : null,
    retrait: ecrit ? { url: `${url}/retirer`, op_id: contexte.nouvel_identifiant(), base: versionMontree(existante, null) } : null,
    erreurs,
    resume_erreurs: resume(erreurs, ["motif"]),
  };
}

const recentes = (pieces) => trierPar(pieces, (fiche) => [piece.jour(fiche) ?? "", fiche.id], -1);

function ligne(fiche, dossier, contexte) {
  const jour = piece.jour(fiche);
  return {
    id: fiche.id,
    ...nomsDe(forme(fiche.forme), fiche),
    quand: jour,
    annee: jour ? anneeAutre(jour, contexte.aujourd_hui) : null,
    url: `/pieces/${fiche.id}`,
    envoi: fiche.envoi ?? null,
    a_reprendre: dossier.controles.some((controle) => controle.fiche_id === fiche.id && controle.etat === "retournee"),
    partagee: Boolean(fiche.partagee),
  };
}

// « CDD, Atelier » puis « Étape de parcours » ; mais « Diagnostic » puis « À l’entrée ».
function nomsDe({ libelle: nom, nommee }, fiche) {
  const titre = piece.titre(fiche);
  return nommee ? { titre: nom, forme: titre } : { titre, forme: nom };
}

// Les formes que demandent ses mesures, si ce rôle en note.
function offertes(dossier, contexte) {
  const { role } = contexte.utilisateur;
  if (!TERRAIN.includes(role)) return [];
  const demandees = new Set(mesuresDe(dossier, contexte).flatMap((mesure) => formesPour(conventionDe(mesure, contexte))));
  return [...charger().values()].filter(
    (decrite) =>
      demandees.has(decrite) &&
      piece.seLit(decrite, role, null) &&
      !(decrite.unique && piece.piecesDe(dossier, decrite.code).length),
  );
}

// Les mesures ouvertes, la plus récente d'abord ; à défaut, la dernière sortie.
function mesuresDe({ mesures }, { aujourd_hui: jour }) {
  const principale = mesurePrincipale(mesures, jour);
  const ouvertes = mesures.filter((mesure) => estOuverte(mesure, jour));
  if (!principale || !ouvertes.length) return principale ? [principale] : [];
  return [principale, ...ouvertes.filter(({ id }) => id !== principale.id)];
}

// Celles dont la convention demande cette forme ; à défaut, toutes.
export function mesuresPour(decrite, dossier, contexte) {
  const toutes = mesuresDe(dossier, contexte);
  const demandent = toutes.filter((mesure) => aLaRegle(conventionDe(mesure, contexte), decrite.regle));
  return demandent.length ? demandent : toutes;
}

const conventionDe = (mesure, contexte) =>
  conventionAu(contexte.reference.conventions, mesure.convention, contexte.aujourd_hui);

const offre = (decrite, dossier) => ({
  code: decrite.code,
  libelle: decrite.libelle,
  url: `${AJOUTER}?dossier=${dossier.personne.id}&forme=${decrite.code}`,
  deja: piece.piecesDe(dossier, decrite.code).length,
});

function lu(champ, fiche, dossier, mesure) {
  const donnee = fiche.valeurs[champ.nom];
  const genre = champ.radar ? "radar" : (LECTURES[champ.genre] ?? "texte");
  return {
    libelle: champ.libelle,
    genre,
    valeur: mots.enMots(champ, donnee, dossier),
    lignes: genre === "lignes" ? donnee.map((une, rang) => ligneLue(champ, rang, une)) : [],
    trace: genre === "signature" ? donnee : null,
    radar: genre === "radar" ? radar(champ, releves(champ, fiche, dossier, mesure)) : null,
  };
}

// Cette pièce et, devant elle, la première de la même mesure : d'où la personne est partie.
export function releves(champ, fiche, dossier, mesure) {
  const [premiere] = piece.piecesDe(dossier, fiche.forme, mesure).filter((autre) => piece.valeur(autre, champ.nom));
  const avant = premiere && premiere.id !== fiche.id && (piece.jour(premiere) ?? "") <= (piece.jour(fiche) ?? "");
  return (avant ? [premiere, fiche] : [fiche]).map((une) => [piece.jour(une), une.valeurs[champ.nom]]);
}

const ligneLue = (champ, rang, une) => ({
  titre: champ.genre === "grille" ? libelle(champ.liste, une.cle) : `${champ.un} ${rang + 1}`,
  champs: champ.champs
    .filter(({ nom }) => !piece.estVide(une[nom]))
    .map((petit) => ({ libelle: petit.libelle, valeur: mots.enMots(petit, une[petit.nom]) })),
});

function partageEnMots(decrite, fiche, dossier, jour) {
  if (!decrite.partageable || !fiche.partagee) return null;
  return phraseDuPartage("ée", dossier, jour);
}
