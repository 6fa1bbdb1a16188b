// Les modèles des papiers : miroir de app/domain/modele.py ; les textes viennent de la référence.
import { majuscule } from "./francais.js";

const MOT = /\{([a-z_]+)\}/g;
export const DE_DROITE_A_GAUCHE = ["ar", "fa", "he", "ps", "ur", "ckb", "dv", "yi", "sd", "ug"];

export function enVigueur(modeles, code, langue, jour) {
  const versions = modeles
    .filter((modele) => modele.code === code && modele.langue === langue)
    .sort((a, b) => (a.depuis === b.depuis ? 0 : a.depuis < b.depuis ? -1 : 1));
  return versions.filter(({ depuis }) => depuis <= jour).at(-1) ?? versions[0] ?? null;
}

export const langues = (modeles, code) =>
  [...new Set(modeles.filter((modele) => modele.code === code).map(({ langue }) => langue))].sort(
    (a, b) => (b === "fr") - (a === "fr") || (a < b ? -1 : 1),
  );

export function remplir(texte, mots) {
  const absent = [...texte.matchAll(MOT)].some(([, nom]) => (mots[nom] ?? null) === null);
  if (absent) return null;
  const rempli = texte.replace(MOT, (_tout, nom) => mots[nom]);
  return texte.startsWith("{") ? majuscule(rempli) : rempli;
}

export function composer(corps, mots, blocs) {
  const rendus = [];
  let titre = null;
  for (const morceau of corps.replaceAll("\r\n", "\n").trim().split(/\n{2,}/)) {
    if (morceau.startsWith("## ")) {
      const texte = remplir(morceau.slice(3).trim(), mots);
      titre = texte ? { genre: "titre", texte } : null;
      continue;
    }
    const suite = blocs[/^\{([a-z_]+)\}$/.exec(morceau)?.[1]] ?? enBlocs(morceau, mots);
    if (suite.length) {
      if (titre && suite[0].genre !== "signatures") rendus.push(titre);
      titre = null;
    }
    rendus.push(...suite);
  }
  return rendus;
}

function enBlocs(morceau, mots) {
  const lignes = morceau.split("\n");
  if (lignes.every((ligne) => ligne.startsWith("- "))) {
    const elements = lignes.map((ligne) => remplir(ligne.slice(2), mots)).filter(Boolean);
    return elements.length ? [{ genre: "liste", elements }] : [];
  }
  const texte = remplir(morceau, mots);
  return texte ? [{ genre: "paragraphe", texte }] : [];
}
