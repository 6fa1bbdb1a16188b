// Ce qui ne se garde pas d'un secteur au-delà de douze mois : miroir de app/domain/oubli.py.
import { jour as jourDe, valeur } from "./cahier.js";
import { ajouterMois, jourParis } from "./dates.js";
import { forme } from "./feuilles.js";
import { GARDE_MOIS, connus } from "./maraude.js";

const MOTIF = "Effacée\u202f: plus de douze mois.";
// Ce qui s'est écrit à la main peut nommer quelqu'un.
const TEXTES = ["texte", "long"];
const NUITS = ["maraude", "prevue"];

export function oublier(cahier, jour) {
  const limite = ajouterMois(jour, -GARDE_MOIS);
  const feuilles = cahier.feuilles ?? [];
  const passees = new Set(feuilles.filter((f) => NUITS.includes(f.forme) && (jourDe(f) || jour) < limite).map(({ id }) => id));
  const perdus = perdusDe(cahier, limite);
  if (!passees.size && !perdus.size) return cahier;
  return { ...cahier, feuilles: feuilles.map((feuille) => oubliee(feuille, passees, perdus)) };
}

function perdusDe(cahier, limite) {
  const ouvertes = (cahier.feuilles ?? []).map((f) => (f.forme === "rencontre" ? f : { ...f, retiree_le: null }));
  const vus = connus({ ...cahier, feuilles: ouvertes }).map(([{ id, note_le: noteLe }, le]) => [id, le ?? jourParis(noteLe)]);
  return new Map(vus.filter(([, le]) => le < limite));
}

function oubliee(feuille, passees, perdus) {
  if (perdus.has(feuille.id)) {
    const retiree_le = feuille.retiree_le || `${ajouterMois(perdus.get(feuille.id), GARDE_MOIS)}T00:00:00Z`;
    return { ...feuille, valeurs: {}, revisions: [], retiree_le, retrait_motif: MOTIF };
  }
  if (passees.has(feuille.id)) return sansTextes(feuille);
  if (feuille.forme !== "rencontre" || !passees.has(valeur(feuille, "maraude_id"))) return feuille;
  return { ...sansTextes(feuille), sans_nom: true };
}

function sansTextes(feuille) {
  const gardes = new Set(forme(feuille.forme).champs.filter(({ genre }) => !TEXTES.includes(genre)).map(({ nom }) => nom));
  const valeurs = Object.fromEntries(Object.entries(feuille.valeurs).filter(([nom]) => gardes.has(nom)));
  return { ...feuille, valeurs, revisions: [], retrait_motif: feuille.retiree_le ? MOTIF : null };
}
