// Noter une pièce, la modifier, la retirer : miroir de app/domain/saisie/piece.py.
import { lireJour as jourLu } from "../dates.js";
import { aLaRegle, forme } from "../formes.js";
import { estIdentifiant } from "../identifiant.js";
import { conventionAu } from "../mesure.js";
import { codes, estCode } from "../nomenclatures.js";
import { CLES, estAppele, estVide, lundiDe, pareilles } from "../piece.js";
import { estPosition } from "../position.js";
import {
  TEXTE_COURT,
  TEXTE_LONG,
  conclure,
  lireBase,
  lireHeure,
  lireIdentifiant,
  lireJour,
  lireTexte,
  liste,
  nouveauResultat,
  operation,
  presente,
  texte,
} from "./lecture.js";
import { mesureChoisie, mesureDuRendezVous } from "./rendez_vous.js";

export const LIGNES_MAX = 20;
const SIGNATURE_MAX = 6_000;
const MINUTES_MAX = 168 * 60;
const SIGNATURE = /^(M[0-9]{1,3} [0-9]{1,3}( [0-9]{1,3} [0-9]{1,3})*)+$/;
const HEURES = /^([0-9]{1,3})(?:\s*[hH:.,]\s*([0-9]{0,2}))?(?:\s*min)?$/;

export function lirePiece(saisie, contexte, existante = null) {
  const resultat = nouveauResultat();
  const { erreurs } = resultat;
  const decrite = forme(existante ? existante.forme : texte(saisie, "forme"));
  if (!decrite) {
    erreurs.forme = "Choisissez ce que vous notez.";
    return conclure(resultat);
  }
  const mesureId = laMesure(resultat, saisie, contexte, existante);
  const convention = conventionDe(contexte, mesureId);
  const lus = { mesure_id: mesureId };
  if (decrite.partageable) lus.partagee = texte(saisie, "partagee") === "oui";
  const demandes = decrite.champs.filter(({ regle }) => aLaRegle(convention, regle));
  for (const champ of demandes) lus[champ.nom] = lireValeur({ resultat, saisie, contexte }, champ, champ.nom);
  // Signer à l'écran, c'est signer ce jour-là.
  for (const { nom, signe_le: signeLe } of demandes) if (signeLe && lus[nom]) lus[signeLe] ??= contexte.aujourd_hui;
  for (const champ of demandes) {
    if (estAppele(champ, lus)) verifier(erreurs, champ, lus, contexte.aujourd_hui);
    else {
      // Ce que la réponse d'au-dessus n'appelle plus ne se garde pas, fût-ce mal tapé.
      lus[champ.nom] = null;
      delete erreurs[champ.nom];
    }
  }
  resultat.champs = lus;
  const id = lireIdentifiant(resultat, saisie, "op_id");
  const personne = contexte.dossier.personne.id;
  const garder = (voulu) => Object.fromEntries(Object.entries(lus).filter(([nom, lue]) => voulu(nom, lue)));
  if (!existante) {
    const entite = lireIdentifiant(resultat, saisie, "entite");
    const remplis = garder((nom, lue) => !estVide(lue) && (nom !== "partagee" || lue));
    resultat.operations.push(operation(id, `noter_${decrite.code}`, entite, personne, remplis));
    return conclure(resultat);
  }
  const connue = (nom) => (CLES.includes(nom) ? existante : existante.valeurs)[nom] ?? null;
  const changes = garder((nom, lue) => !pareilles(lue, connue(nom)));
  if (Object.keys(changes).length) {
    resultat.operations.push(operation(id, `modifier_${decrite.code}`, existante.id, personne, changes, lireBase(saisie, existante)));
  }
  return conclure(resultat);
}

export function lireRetrait(saisie, { piece }) {
  const resultat = nouveauResultat();
  const id = lireIdentifiant(resultat, saisie, "op_id");
  const motif = lireTexte(resultat, saisie, "motif", TEXTE_LONG);
  resultat.champs = { motif };
  if (motif === null) resultat.erreurs.motif = "Dites pourquoi elle est retirée.";
  if (!piece.retiree_le) {
    const base = lireBase(saisie, piece);
    resultat.operations.push(operation(id, `retirer_${piece.forme}`, piece.id, piece.cahier_id ?? piece.personne_id, { motif }, base));
  }
  return conclure(resultat);
}

export function conventionDe({ dossier, reference, aujourd_hui: jour }, mesureId) {
  const mesure = dossier.mesures.find(({ id }) => id === mesureId);
  return mesure ? conventionAu(reference.conventions, mesure.convention, jour) : null;
}

function laMesure(resultat, saisie, contexte, existante) {
  if (existante && !presente(saisie, "mesure_id")) return existante.mesure_id;
  const choisie = mesureChoisie(resultat, saisie, contexte.dossier, contexte.aujourd_hui);
  return mesureDuRendezVous(resultat, contexte.dossier, contexte.aujourd_hui, choisie);
}

export function verifier(erreurs, champ, lus, aujourdHui) {
  const { nom } = champ;
  const lue = lus[nom];
  if (estVide(lue)) {
    if (champ.obligatoire && estVide(lus[champ.sauf])) erreurs[nom] ??= champ.obligatoire;
  } else if (champ.passe && lue > aujourdHui) erreurs[nom] = "Cette date est dans l’avenir.";
  else if (lus[champ.apres] && champ.genre === "heure") {
    if (lue <= lus[champ.apres]) erreurs[nom] = "Cela finirait avant de commencer.";
  } else if (lus[champ.apres] && lue < lus[champ.apres]) erreurs[nom] = "Cette date vient avant le début.";
}

export const lireValeur = (tour, champ, nom) => LECTURES[champ.genre](tour, champ, nom);

const lireUnTexte = ({ resultat, saisie }, { genre }, nom) =>
  lireTexte(resultat, saisie, nom, genre === "long" ? TEXTE_LONG : TEXTE_COURT);

function lireCode({ resultat, saisie }, champ, nom) {
  const lu = texte(saisie, nom) || null;
  if (lu !== null && !estCode(champ.liste, lu)) resultat.erreurs[nom] = "Choisissez une réponse de la liste.";
  return lu;
}

function lireCodes({ saisie }, champ, nom) {
  const lus = liste(saisie, nom);
  return codes(champ.liste).filter((code) => lus.includes(code));
}

function lireBooleen({ saisie }, _champ, nom) {
  const lu = texte(saisie, nom);
  return lu === "oui" || lu === "non" ? lu === "oui" : null;
}

function lireEntier({ resultat, saisie }, champ, nom) {
  const lu = texte(saisie, nom);
  const maximum = champ.degres?.length || (champ.maximum ?? 99);
  if (!lu) return null;
  if (!/^[0-9]{1,4}$/.test(lu) || +lu > maximum) {
    resultat.erreurs[nom] = `Indiquez un nombre de 0 à ${maximum}.`;
    return null;
  }
  return +lu || (champ.degres ? null : 0);
}

function lireUnJour({ resultat, saisie }, champ, nom) {
  const lu = lireJour(resultat, saisie, nom);
  return lu && champ.semaine ? lundiDe(lu) : lu;
}

function lireMois({ resultat, saisie }, _champ, nom) {
  const lu = texte(saisie, nom);
  if (!lu || jourLu(`${lu}-01`) !== null) return lu || null;
  resultat.erreurs[nom] = "Indiquez le mois et l’année, par exemple 2026-11.";
  return null;
}

function lireHeures({ resultat, saisie }, _champ, nom) {
  const lu = texte(saisie, nom);
  if (!lu) return null;
  const [, heures, minutes] = HEURES.exec(lu.replace(/[\u00a0\u202f]/g, " ")) ?? [];
  const total = +heures * 60 + +(minutes || 0);
  if (heures !== undefined && +(minutes || 0) <= 59 && total <= MINUTES_MAX) return total;
  resultat.erreurs[nom] = "Écrivez une durée comme 15 h ou 1 h 30.";
  return null;
}

function remplis(tour, champ, nom) {
  const lus = champ.champs.map((petit) => [petit.nom, lireValeur(tour, petit, `${nom}-${petit.nom}`)]);
  const gardes = lus.filter(([, lu]) => !estVide(lu));
  return gardes.length ? Object.fromEntries(gardes) : null;
}

function lireLignes(tour, champ, nom) {
  const rangs = Array.from({ length: LIGNES_MAX }, (_, rang) => `${nom}-${rang}`);
  return rangs.filter((rang) => !texte(tour.saisie, `${rang}-retirer`)).map((rang) => remplis(tour, champ, rang)).filter(Boolean);
}

const lireGrille = (tour, champ, nom) =>
  codes(champ.liste).flatMap((cle) => {
    const lue = remplis(tour, champ, `${nom}-${cle}`);
    return lue ? [{ cle, ...lue }] : [];
  });

function lireSignature({ resultat, saisie }, _champ, nom) {
  const lu = texte(saisie, nom);
  if (!lu || (lu.length <= SIGNATURE_MAX && SIGNATURE.test(lu))) return lu || null;
  resultat.erreurs[nom] = "Cette signature n’a pas pu être lue\u202f: refaites-la, ou signez sur papier.";
  return null;
}

function lirePosition({ resultat, saisie }, _champ, nom) {
  const lu = texte(saisie, nom);
  if (!lu || estPosition(lu)) return lu || null;
  resultat.erreurs[nom] = "Cette position n’a pas pu être lue\u202f: reprenez-la, ou écrivez où.";
  return null;
}

function lireFiche({ resultat, saisie, contexte }, champ, nom) {
  const lu = texte(saisie, nom).toLowerCase() || null;
  if (lu !== null && !citables(contexte.cahier ?? contexte.dossier, champ).some(({ id }) => id === lu)) resultat.erreurs[nom] = "Choisissez dans la liste.";
  return lu;
}

// Celui que la page nommait, s'il est encore de ceux de l'auteur.
function lireDossier({ resultat, saisie, contexte }, _champ, nom) {
  const lu = texte(saisie, nom).toLowerCase() || null;
  if (lu !== null && lu !== contexte.dossier_id) resultat.erreurs[nom] = "Ce dossier n’est plus dans votre carnet\u202f: inscrivez la personne sans dossier.";
  return lu;
}

// Les fiches qu'un champ peut citer, la plus récente d'abord ; d'un cahier, ses feuilles, même retirées.
export const citables = (dossier, { de } = {}) =>
  dossier.cahier ? (dossier.feuilles ?? []).filter(({ forme }) => forme === de) : [...dossier.rendez_vous].sort((a, b) => (`${a.debut} ${a.id}` < `${b.debut} ${b.id}` ? 1 : -1));

const LECTURES = {
  texte: lireUnTexte,
  long: lireUnTexte,
  code: lireCode,
  codes: lireCodes,
  booleen: lireBooleen,
  entier: lireEntier,
  jour: lireUnJour,
  mois: lireMois,
  heures: lireHeures,
  heure: ({ resultat, saisie }, _champ, nom) => lireHeure(resultat, saisie, nom),
  collegues: ({ saisie }, _champ, nom) => liste(saisie, nom).filter(estIdentifiant),
  dossier: lireDossier,
  lignes: lireLignes,
  grille: lireGrille,
  signature: lireSignature,
  position: lirePosition,
  fiche: lireFiche,
};
