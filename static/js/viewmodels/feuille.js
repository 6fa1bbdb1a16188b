// Ce que montrent les pages d'une feuille, quelle qu'en soit la forme : miroir de app/viewmodels/feuille.py.
import { feuillesDe, titre } from "../domain/cahier.js";
import { forme } from "../domain/feuilles.js";
import { heure, majuscule } from "../domain/francais.js";
import { estVide } from "../domain/piece.js";
import { RIEN, moment } from "./en_mots.js";
import { cacher, cases, cleBrouillon, premiere, resume, versionMontree } from "./formulaires.js";
import { enMots } from "./mots_piece.js";
import { champEnSaisie, vueDuChamp } from "./piece_formulaire.js";

export const PLUS_NOMME = "quelqu’un que l’on ne nomme plus";
// Remplis d'avance : ils n'ouvrent pas leur pli.
const REMPLIS = ["heure", "connu_id"];
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
    return citee ? titre(citee) : PLUS_NOMME;
  }
  return genre === "heure" ? heure(donnee) : enMots(champ, donnee);
}

// Les valeurs telles qu'un formulaire les porte.
export const enSaisie = (code, valeurs) => Object.assign({}, ...forme(code).champs.map((champ) => champEnSaisie(champ, champ.nom, valeurs[champ.nom])));

// Ce que porte la page d'un formulaire avant que chacun y mette ce qui lui est propre.
export function page(code, { cahier, contexte, saisie, erreurs }, groupes, valeurs) {
  const f = saisie ? { ...saisie } : enSaisie(code, valeurs);
  const vus = groupes.map((un) => vueDuGroupe(code, un, { f, cahier, contexte, erreurs }));
  const libelles = Object.fromEntries(vus.flatMap(({ champs }) => champs.map(({ nom, libelle }) => [nom, libelle])));
  return {
    f,
    veille: false,
    connu: null,
    precisions: [],
    groupes: vus,
    informer: null,
    erreurs,
    avertissements: {},
    resume_erreurs: resume(erreurs, Object.keys(libelles), libelles),
    retiree: null,
    retrait: null,
    revisions: [],
  };
}

// « /rencontres/… » : l'adresse d'une feuille se tient de sa forme.
export const urlDe = (code, id) => `/${code}s/${id}`;

// Ce qui part d'une feuille que l'on corrige, et ce qu'elle disait ; sans `existante`, celle que le serveur a refusée. `cites` : ce qu'elle
// garde sans le montrer ; `aide` : ce que la retirer emporte, si elle se retire.
export function correction(code, { cahier, contexte, saisie }, existante, cites, aide) {
  const id = existante?.id ?? premiere(saisie, "entite");
  const caches = cacher(["op_id"], saisie, contexte, {
    remplace: premiere(saisie, "remplace"),
    entite: existante ? "" : id,
    base: existante ? versionMontree(existante, saisie) : "",
    ...cites,
  });
  const deja = existante ? dejaNotee(existante, cahier, contexte) : {};
  return {
    action: `${urlDe(code, id)}/modifier`,
    bouton: "Enregistrer",
    brouillon: cleBrouillon(code, `${cahier.cahier.id}:${id}`, saisie),
    caches,
    ...deja,
    retrait: deja.retrait && aide ? { ...deja.retrait, aide } : null,
  };
}

export function dejaNotee(existante, cahier, contexte) {
  const sienne = retiree(existante, contexte);
  const url = `${urlDe(existante.forme, existante.id)}/retirer`;
  return {
    retiree: sienne,
    retrait: sienne ? null : { url, caches: cacher(["op_id"], null, contexte, { base: versionMontree(existante, null) }) },
    revisions: revisions(existante, cahier, contexte),
  };
}

function vueDuGroupe(code, [libelle, noms], tour) {
  const { f, erreurs } = tour;
  const champs = noms.map((nom) => vueDe(champDe(code, nom), nom, tour));
  const ouvert = champs.some(({ nom }) => nom in erreurs || (!REMPLIS.includes(nom) && premiere(f, nom)));
  return { libelle, ouvert: Boolean(ouvert), champs };
}

// « connu-note » : le champ d'une autre forme, notée du même geste.
function champDe(code, nom) {
  const [sien, autre = code] = nom.split("-").reverse();
  return forme(autre).champs.find((champ) => champ.nom === sien);
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
