// Le formulaire d'une pièce : miroir de app/viewmodels/piece_formulaire.py.
import { lireJour } from "../domain/dates.js";
import { aLaRegle, forme } from "../domain/formes.js";
import { minuscule } from "../domain/francais.js";
import * as nomenclatures from "../domain/nomenclatures.js";
import { accordDePartage, estVide, heures, lundiDe } from "../domain/piece.js";
import { LIGNES_MAX, citables, conventionDe } from "../domain/saisie/piece.js";
import { enTete, libelleConvention } from "./contexte.js";
import { cacher, cases, cleBrouillon, premiere, resume, versionMontree } from "./formulaires.js";
import { enMots } from "./mots_piece.js";
import { AJOUTER, controleDe, mesuresPour } from "./piece.js";

const VIERGES = 3;
const CITABLES_MAX = 6;
const GENRES = {
  long: "long",
  code: "puces",
  codes: "puces_multiples",
  booleen: "puces",
  jour: "date",
  entier: "nombre",
  fiche: "puces",
  lignes: "lignes",
  grille: "grille",
  signature: "signature",
  position: "position",
};
const AIDES = { heures: "Par exemple 15 h ou 1 h 30.", mois: "Par exemple 2026-11." };

export function formulaire(dossier, contexte, existante = null, saisie = null, erreurs = {}, voulu = {}) {
  const voulue = existante ? existante.forme : premiere(saisie, "forme") || (voulu.forme ?? "");
  const decrite = forme(voulue) ?? { code: voulue, libelle: voulue, champs: [] };
  const mesures = existante ? [] : mesuresPour(decrite, dossier, contexte);
  const demandee = (mesures.find(({ id }) => id === voulu.mesure) ?? mesures[0])?.id ?? null;
  const retenue = existante ? existante.mesure_id : premiere(saisie, "mesure_id") || demandee;
  const convention = conventionDe({ ...contexte, dossier }, retenue);
  const f = saisie ? { ...saisie } : valeurs(decrite, existante, convention, contexte, voulu);
  const vues = decrite.champs.filter(({ regle }) => aLaRegle(convention, regle)).map((champ) => vueDuChamp(champ, champ.nom, f, dossier));
  const personne = dossier.personne.id;
  const libre = mesures.length > 1;
  return {
    f,
    forme: decrite.code,
    erreurs,
    resume_erreurs: resume(erreurs, ["mesure_id", ...Object.keys(libelles(vues))], libelles(vues)),
    dossier: enTete(dossier),
    choix: {
      mesures: (libre ? mesures : []).map(({ id, convention: nom }) => ({
        code: id,
        libelle: libelleConvention(nom, contexte),
        choisi: id === retenue,
      })),
    },
    champs: vues,
    partage: partage(decrite, f, dossier, contexte),
    controle: controleDe(dossier, existante),
    action: existante ? `/pieces/${existante.id}/modifier` : AJOUTER,
    titre_page: decrite.libelle,
    brouillon: cleBrouillon("piece", existante ? existante.id : `${decrite.code}-${personne}`, saisie),
    caches: cacher(existante ? ["op_id"] : ["op_id", "entite"], saisie, contexte, {
      remplace: premiere(saisie, "remplace"),
      base: existante ? versionMontree(existante, saisie) : "",
      dossier: existante ? "" : personne,
      forme: existante ? "" : decrite.code,
      mesure_id: existante || libre ? "" : retenue,
    }),
    retour: existante ? `/pieces/${existante.id}` : `/dossiers/${personne}`,
    annuaire: deLAnnuaire(decrite, contexte, f) ? `/annuaire?dossier=${personne}` : null,
  };
}

// Reste-t-il à choisir ce qui se recopie de l'annuaire ?
const deLAnnuaire = ({ champs }, { reference }, f) =>
  Boolean(reference.annuaire) && champs.some(({ nom, annuaire }) => annuaire && !premiere(f, nom));

// Les valeurs telles qu'un formulaire les porte.
export function enSaisie(code, donnees) {
  const champs = (forme(code)?.champs ?? []).map((champ) => champEnSaisie(champ, champ.nom, donnees[champ.nom]));
  return Object.assign({}, ...champs, donnees.partagee ? { partagee: "oui" } : {});
}

function partage(decrite, f, dossier, contexte) {
  if (!decrite.partageable) return null;
  const accord = accordDePartage(dossier, contexte.aujourd_hui);
  const aide = accord ? null : "Sans l’accord noté de la personne, le binôme ne lit pas cette fiche.";
  return { cochee: premiere(f, "partagee") === "oui", aide };
}

function valeurs(decrite, existante, convention, { aujourd_hui: jour }, voulu) {
  if (existante) return enSaisie(existante.forme, { ...existante.valeurs, partagee: existante.partagee });
  const proposees = {};
  for (const champ of decrite.champs) {
    if (champ.nom === decrite.jour && champ.obligatoire) {
      proposees[champ.nom] = champ.semaine ? lundiDe(lireJour(voulu[champ.nom]) ?? jour) : jour;
    } else if (champ.genre === "code" && nomenclatures.estCode(champ.liste, voulu[champ.nom])) proposees[champ.nom] = voulu[champ.nom];
    else if (champ.defaut && nomenclatures.estCode(champ.liste, convention?.[champ.defaut])) {
      proposees[champ.nom] = convention[champ.defaut];
    } else if (champ.annuaire) proposees[champ.nom] = voulu[champ.nom];
    else if (champ.propose) proposees[champ.nom] = champ.propose;
  }
  return enSaisie(decrite.code, proposees);
}

export function champEnSaisie({ genre, champs }, nom, donnee) {
  if (genre === "lignes" || genre === "grille") {
    const lignes = (donnee ?? []).flatMap((ligne, rang) =>
      champs.map((petit) => champEnSaisie(petit, `${nom}-${genre === "grille" ? ligne.cle : rang}-${petit.nom}`, ligne[petit.nom])),
    );
    return Object.assign({}, ...lignes);
  }
  if (estVide(donnee)) return {};
  if (genre === "booleen") return { [nom]: donnee ? "oui" : "non" };
  if (genre === "heures") return { [nom]: heures(donnee) };
  return { [nom]: Array.isArray(donnee) ? [...donnee] : String(donnee) };
}

export function vueDuChamp(champ, nom, f, dossier) {
  const genre = champ.degres ? "puces" : (GENRES[champ.genre] ?? "texte");
  const replie = genre === "lignes" || genre === "grille";
  return {
    nom,
    libelle: champ.libelle,
    genre,
    valeur: replie || genre.startsWith("puces") ? "" : premiere(f, nom),
    choix: choixDe(champ, nom, f, dossier),
    aide: champ.aide || (AIDES[champ.genre] ?? null),
    si: champ.si ? `${champ.si.champ}=${champ.si.parmi.join(",")}` : "",
    lignes: replie ? lignes(champ, nom, f, dossier) : [],
  };
}

const choisir = (couples, choisie) => couples.map(([code, libelle]) => ({ code, libelle, choisi: code === choisie }));

function choixDe(champ, nom, f, dossier) {
  const choisie = premiere(f, nom);
  if (champ.genre === "codes") return nomenclatures.choix(champ.liste, cases(f, nom));
  let choix = null;
  if (champ.genre === "code") choix = nomenclatures.choix(champ.liste, choisie);
  else if (champ.genre === "booleen") choix = choisir([["oui", "Oui"], ["non", "Non"]], choisie);
  else if (champ.degres) choix = choisir(champ.degres.map((mot, rang) => [String(rang + 1), mot]), choisie);
  else if (champ.genre === "fiche") {
    const gardees = citables(dossier).filter(({ id }, rang) => rang < CITABLES_MAX || id === choisie);
    choix = choisir(gardees.map(({ id }) => [id, enMots(champ, id, dossier)]), choisie);
  }
  if (!choix) return [];
  // Une réponse donnée par erreur se reprend.
  return champ.obligatoire ? choix : [...choix, ...choisir([["", "Non renseigné"]], choisie)];
}

function lignes(champ, nom, f, dossier) {
  const grille = champ.genre === "grille";
  const toutes = grille ? nomenclatures.codes(champ.liste) : Array.from({ length: LIGNES_MAX }, (_, rang) => String(rang));
  const remplies = toutes.filter((cle) => champ.champs.some((petit) => premiere(f, `${nom}-${cle}-${petit.nom}`)));
  const cles = grille ? toutes : toutes.slice(0, (remplies.length ? Number(remplies.at(-1)) + 1 : 0) + VIERGES);
  return cles.map((cle) => {
    const champs = champ.champs.map((petit) => vueDuChamp(petit, `${nom}-${cle}-${petit.nom}`, f, dossier));
    const mots = champs.flatMap(({ choix }) => choix.filter(({ code, choisi }) => choisi && code).map(({ libelle }) => libelle));
    const connue = remplies.includes(cle);
    return {
      titre: grille ? nomenclatures.libelle(champ.liste, cle) : `${champ.un} ${Number(cle) + 1}`,
      reste: grille ? mots.join(", ") : "",
      connue,
      ouverte: !grille && (connue || (cle === cles[0] && !remplies.length)),
      retirer: grille ? "" : `${nom}-${cle}-retirer`,
      retiree: Boolean(premiere(f, `${nom}-${cle}-retirer`)),
      champs,
    };
  });
}

// Ceux des champs, par nom, dans l'ordre de l'écran.
const libelles = (vues) =>
  Object.fromEntries(
    vues.flatMap(({ nom, libelle, lignes: siennes }) => [
      [nom, libelle],
      ...siennes.flatMap(({ titre, champs }) => champs.map((petit) => [petit.nom, `${titre}, ${minuscule(petit.libelle)}`])),
    ]),
  );
