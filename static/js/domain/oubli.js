// Ce qui ne se garde pas d'un cahier, huit jours ou douze mois : miroir de app/domain/oubli.py.
import { estAnnulee, estInscrite } from "./action.js";
import { jour as jourDe, valeur } from "./cahier.js";
import { jour as jourDuComite } from "./comite.js";
import { ajouterJours, ajouterMois, jourParis } from "./dates.js";
import { forme } from "./feuilles.js";
import { GARDE_MOIS, GARDE_POSITION_JOURS } from "./maraude.js";

const MOTIF = "Effacée\u202f: plus de douze mois.";
export const SANS_NOM = "Nom effacé";
// Ce qui s'est écrit à la main peut nommer quelqu'un.
const TEXTES = ["texte", "long", "position"];
const NUITS = ["maraude", "prevue"];
const MOTS = { decision: MOTIF };

const GENRES = { secteur: duSecteur, action: deLAction, comite: duComite };

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
  const oubliees = GENRES[cahier.cahier.genre]?.(cahier, jour, ajouterMois(jour, -GARDE_MOIS));
  if (!oubliees?.size) return cahier;
  return { ...cahier, feuilles: cahier.feuilles.map((feuille) => oubliees.get(feuille.id) ?? feuille) };
}

const de = (cahier, ...codes) => (cahier.feuilles ?? []).filter(({ forme: code }) => codes.includes(code));

const leDernier = (un, autre) => (un < autre ? autre : un);

// D'où court la garde : du jour dit, ou de celui où le serveur l'a reçu ; tant qu'il ne l'a pas, d'aujourd'hui.
function depuis({ version, recue_le: recueLe, note_le: noteLe }, le, aujourdHui) {
  return (version ?? null) === null ? aujourdHui : leDernier(le, jourParis(recueLe ?? noteLe));
}

function duSecteur(cahier, jour, limite) {
  const jours = new Map(de(cahier, ...NUITS).map((f) => [f.id, depuis(f, jourDe(f) || jour, jour)]));
  for (const f of de(cahier, "rencontre")) {
    const nuit = jours.get(valeur(f, "maraude_id"));
    if (nuit !== undefined) jours.set(f.id, depuis(f, nuit, jour));
  }
  const vus = vusDe(cahier, jours, jour);
  const avant = (datees) => (cahier.feuilles ?? []).filter(({ id }) => datees.get(id) < limite);
  return new Map([...avant(jours).map((f) => [f.id, nuitOubliee(f)]), ...avant(vus).map((f) => [f.id, connuOublie(f, vus.get(f.id))])]);
}

function vusDe(cahier, jours, jour) {
  const vus = new Map(de(cahier, "connu").map((f) => [f.id, depuis(f, "", jour)]));
  for (const f of de(cahier, "rencontre").filter(({ retiree_le: retiree }) => !retiree)) {
    const qui = valeur(f, "connu_id");
    if (vus.has(qui)) vus.set(qui, leDernier(vus.get(qui), jours.get(f.id) ?? ""));
  }
  return vus;
}

const nuitOubliee = (feuille) => ({ ...privee(feuille, TEXTES), ...(feuille.forme === "rencontre" && { sans_nom: true }) });

function connuOublie(feuille, vuLe) {
  const retiree_le = feuille.retiree_le || `${ajouterMois(vuLe, GARDE_MOIS)}T00:00:00Z`;
  return { ...feuille, valeurs: {}, revisions: [], retiree_le, retrait_motif: MOTIF };
}

function deLAction(cahier, jour, limite) {
  if ((cahier.cahier.valeurs.au ?? "") >= limite) return new Map();
  const seances = de(cahier, "seance");
  const passees = seances.filter((s) => depuis(s, jourDe(s) ?? "", jour) < limite);
  const tenues = seances.filter((s) => !passees.includes(s) && !s.retiree_le && !estAnnulee(s));
  const recentes = new Set(tenues.map(({ id }) => id));
  const vue = (f) => recentes.has(valeur(f, "seance_id")) || depuis(f, "", jour) >= limite;
  const vus = new Set(de(cahier, "presence").filter(vue).map((f) => valeur(f, "inscription_id")));
  const attendue = (i) => !i.retiree_le && !valeur(i, "sur_place") && tenues.some((s) => estInscrite(i, jourDe(s) ?? ""));
  const perdues = de(cahier, "inscription").filter(
    (i) => !valeur(i, "dossier_id") && !vus.has(i.id) && !attendue(i) && depuis(i, valeur(i, "le") ?? "", jour) < limite,
  );
  const ids = new Set(perdues.map(({ id }) => id));
  const signees = de(cahier, "presence").filter((f) => ids.has(valeur(f, "inscription_id")));
  return new Map([
    ...passees.map((s) => [s.id, privee(s, ["long"])]),
    ...signees.map((f) => [f.id, privee(f, ["signature"])]),
    ...perdues.map((i) => [i.id, privee(i, TEXTES, ["qui"])]),
  ]);
}

function duComite(cahier, jour, limite) {
  const le = jourDuComite(cahier);
  const passees = de(cahier, "situation").filter((f) => !valeur(f, "dossier_id") && depuis(f, le, jour) < limite);
  return new Map(passees.map((f) => [f.id, privee(f, TEXTES, ["nom", "decision"])]));
}

// Sans les champs de ces genres ; `dits` : ceux qui doivent dire qu'ils ont été effacés, pour compter encore.
function privee(feuille, genres, dits = []) {
  const gardes = new Set(forme(feuille.forme).champs.filter(({ genre }) => !genres.includes(genre)).map(({ nom }) => nom));
  const valeurs = Object.fromEntries(Object.entries(feuille.valeurs).filter(([nom]) => gardes.has(nom)));
  for (const nom of dits) if (feuille.valeurs[nom]) valeurs[nom] = MOTS[nom] ?? SANS_NOM;
  return { ...feuille, valeurs, revisions: [], retrait_motif: feuille.retiree_le ? MOTIF : null };
}
