// Ce qui ne se garde pas d'un secteur, huit jours ou douze mois : miroir de app/domain/oubli.py.
import { jour as jourDe, valeur } from "./cahier.js";
import { ajouterJours, ajouterMois, jourParis } from "./dates.js";
import { forme } from "./feuilles.js";
import { GARDE_MOIS, GARDE_POSITION_JOURS } from "./maraude.js";

const MOTIF = "Effacée\u202f: plus de douze mois.";
// Ce qui s'est écrit à la main peut nommer quelqu'un.
const TEXTES = ["texte", "long", "position"];
const NUITS = ["maraude", "prevue"];

export const oublier = (cahier, jour) => sansNoms(sansPositions(cahier, jour), jour);

function sansPositions(cahier, jour) {
  const limite = ajouterJours(jour, -GARDE_POSITION_JOURS);
  const feuilles = cahier.feuilles ?? [];
  const lues = feuilles.map((feuille) => {
    const propre = sansPosition(feuille);
    return propre === feuille || jourParis(feuille.note_le) >= limite ? feuille : propre;
  });
  return lues.some((lue, rang) => lue !== feuilles[rang]) ? { ...cahier, feuilles: lues } : cahier;
}

function sansPosition(feuille) {
  const { valeurs, revisions = [] } = feuille;
  if (![valeurs, ...revisions.map(({ champs }) => champs)].some((champs) => "position" in champs)) return feuille;
  const restees = revisions.map((revision) => ({ ...revision, champs: sans(revision.champs) }));
  return { ...feuille, valeurs: sans(valeurs), revisions: restees.filter(({ champs }) => Object.keys(champs).length) };
}

const sans = ({ position: _, ...champs }) => champs;

function sansNoms(cahier, jour) {
  const limite = ajouterMois(jour, -GARDE_MOIS);
  const feuilles = cahier.feuilles ?? [];
  const jours = new Map(feuilles.filter(({ forme: code }) => NUITS.includes(code)).map((f) => [f.id, depuis(f, jourDe(f) || jour, jour)]));
  for (const f of feuilles) {
    const nuit = f.forme === "rencontre" ? jours.get(valeur(f, "maraude_id")) : undefined;
    if (nuit !== undefined) jours.set(f.id, depuis(f, nuit, jour));
  }
  const avant = ([, le]) => le < limite;
  const passees = new Set([...jours].filter(avant).map(([id]) => id));
  const perdus = new Map([...vusDe(feuilles, jours, jour)].filter(avant));
  if (!passees.size && !perdus.size) return cahier;
  return { ...cahier, feuilles: feuilles.map((feuille) => oubliee(feuille, passees, perdus)) };
}

const leDernier = (un, autre) => (un < autre ? autre : un);

// D'où court la garde : du jour dit, ou de celui où le serveur l'a reçu ; tant qu'il ne l'a pas, d'aujourd'hui.
function depuis({ version, recue_le: recueLe, note_le: noteLe }, le, aujourdHui) {
  return (version ?? null) === null ? aujourdHui : leDernier(le, jourParis(recueLe ?? noteLe));
}

function vusDe(feuilles, jours, jour) {
  const vus = new Map(feuilles.filter((f) => f.forme === "connu").map((f) => [f.id, depuis(f, "", jour)]));
  for (const f of feuilles.filter(({ forme: code, retiree_le: retiree }) => code === "rencontre" && !retiree)) {
    const qui = valeur(f, "connu_id");
    if (vus.has(qui)) vus.set(qui, leDernier(vus.get(qui), jours.get(f.id) ?? ""));
  }
  return vus;
}

function oubliee(feuille, passees, perdus) {
  if (perdus.has(feuille.id)) {
    const retiree_le = feuille.retiree_le || `${ajouterMois(perdus.get(feuille.id), GARDE_MOIS)}T00:00:00Z`;
    return { ...feuille, valeurs: {}, revisions: [], retiree_le, retrait_motif: MOTIF };
  }
  if (!passees.has(feuille.id)) return feuille;
  return { ...sansTextes(feuille), ...(feuille.forme === "rencontre" && { sans_nom: true }) };
}

function sansTextes(feuille) {
  const gardes = new Set(forme(feuille.forme).champs.filter(({ genre }) => !TEXTES.includes(genre)).map(({ nom }) => nom));
  const valeurs = Object.fromEntries(Object.entries(feuille.valeurs).filter(([nom]) => gardes.has(nom)));
  return { ...feuille, valeurs, revisions: [], retrait_motif: feuille.retiree_le ? MOTIF : null };
}
