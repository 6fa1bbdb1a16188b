// Ce que montrent les pages d'une feuille, quelle qu'en soit la forme : miroir de app/viewmodels/feuille.py.
import { feuillesDe, titre } from "../domain/cahier.js";
import { forme } from "../domain/feuilles.js";
import { heure, majuscule } from "../domain/francais.js";
import { estVide } from "../domain/piece.js";
import { RIEN, moment } from "./en_mots.js";
import { cases, premiere, resume } from "./formulaires.js";
import { enMots } from "./mots_piece.js";
import { champEnSaisie, vueDuChamp } from "./piece_formulaire.js";

const GENRES = { entier: "compteur", heure: "heure", collegues: "puces_multiples" };

export function noms(ids, { reference }) {
  const connus = new Map((reference.collegues ?? []).map(({ id, nom }) => [id, nom]));
  return ids.map((id) => connus.get(id) ?? "quelqu’un qui n’est plus là").join(", ");
}

export const retiree = ({ retiree_le: le, retrait_motif: motif }, contexte) =>
  le ? { le: moment(le, contexte.aujourd_hui), motif: motif ?? null } : null;

export function revisions(feuille, cahier, contexte) {
  const champs = new Map(forme(feuille.forme).champs.map((champ) => [champ.nom, champ]));
  return (feuille.revisions ?? []).map(({ le, par_nom: par, champs: avant }) => ({
    quand: moment(le, contexte.aujourd_hui),
    par,
    champs: Object.entries(avant)
      .filter(([nom]) => champs.has(nom))
      .map(([nom, donnee]) => ({ libelle: champs.get(nom).libelle, valeur: motDe(champs.get(nom), donnee, cahier, contexte) })),
  }));
}

function motDe(champ, donnee, cahier, contexte) {
  const { genre } = champ;
  if (estVide(donnee)) return RIEN;
  if (genre === "collegues") return noms(donnee, contexte);
  if (genre === "fiche") {
    const citee = feuillesDe(cahier, champ.de).find(({ id }) => id === donnee);
    return citee ? titre(citee) : "quelqu’un que l’on ne nomme plus";
  }
  return genre === "heure" ? heure(donnee) : enMots(champ, donnee);
}

// Les valeurs telles qu'un formulaire les porte.
export const enSaisie = (code, valeurs) => Object.assign({}, ...forme(code).champs.map((champ) => champEnSaisie(champ, champ.nom, valeurs[champ.nom])));

// Ce que porte la page d'un formulaire avant que chacun y mette ce qui lui est propre.
export function page(f, groupes, erreurs) {
  const libelles = Object.fromEntries(groupes.flatMap(({ champs }) => champs.map(({ nom, libelle }) => [nom, libelle])));
  return {
    f,
    veille: false,
    connu: null,
    precisions: [],
    groupes,
    informer: null,
    erreurs,
    avertissements: {},
    resume_erreurs: resume(erreurs, Object.keys(libelles), libelles),
    retiree: null,
    retrait: null,
    revisions: [],
  };
}

export function vueDuGroupe(code, [libelle, noms], tour, cle = (nom) => nom) {
  const { f, erreurs } = tour;
  const champs = noms.map((nom) => vueDe(forme(code).champs.find((champ) => champ.nom === nom), cle(nom), tour));
  // L'heure est remplie d'avance : elle n'ouvre pas son pli.
  const ouvert = champs.some(({ nom }) => nom in erreurs || (nom !== "heure" && premiere(f, nom)));
  return { libelle, ouvert: Boolean(ouvert), champs };
}

function vueDe(champ, nom, { f, cahier, contexte }) {
  const vue = vueDuChamp(champ, nom, f, cahier);
  vue.genre = GENRES[champ.genre] ?? vue.genre;
  if (champ.genre === "collegues") {
    const dits = cases(f, nom);
    const connus = (contexte.reference.collegues ?? []).map(({ id }) => id);
    const membres = connus.filter((id) => dits.includes(id) || cahier.cahier.membres.includes(id));
    vue.valeur = "";
    // Qui est parti depuis reste de la nuit où il est sorti.
    vue.choix = [...membres, ...dits.filter((id) => !connus.includes(id))].map((id) => ({
      code: id,
      libelle: majuscule(noms([id], contexte)),
      choisi: dits.includes(id),
    }));
  }
  return vue;
}
