// Le cahier d'une équipe et ses feuilles : miroir de app/domain/cahier.py.
import { CHAMPS, ORIENTATION } from "#jalon/feuilles";

import { charger, forme } from "./feuilles.js";
import { dateChiffree } from "./francais.js";
import { libelle } from "./nomenclatures.js";
import { acteDit, valeur, VERBES } from "./piece.js";

export { valeur };

export const champs = () => CHAMPS;

// La convention où s'oriente d'avance qui est connu de la rue.
export const orientation = () => ORIENTATION;

export const champsDuGenre = (genre) => CHAMPS.filter(({ cahiers }) => cahiers.includes(genre));

// Fermé, on n'y propose plus de noter ; ce qui a été noté sans le savoir y arrive encore.
export const estFerme = ({ cahier }, jourDit) => Boolean(cahier.ferme_le && cahier.ferme_le <= jourDit);

export function feuillesDe(cahier, code) {
  const trouvees = (cahier.feuilles ?? [])
    .filter((feuille) => feuille.forme === code && !feuille.retiree_le)
    .map((feuille) => [`${jour(feuille) ?? ""} ${feuille.id}`, feuille]);
  return trouvees.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, feuille]) => feuille);
}

export const feuille = (cahier, identifiant) => (cahier.feuilles ?? []).find(({ id }) => id === identifiant) ?? null;

// Les feuilles de cette forme qui citent celle-là : les rencontres d'une maraude, ou d'une personne connue.
export const citant = (cahier, code, champ, identifiant) =>
  feuillesDe(cahier, code).filter((feuille) => valeur(feuille, champ) === identifiant);

export function jour(feuille) {
  const decrite = forme(feuille.forme);
  return (decrite?.jour && valeur(feuille, decrite.jour)) || null;
}

export function titre(feuille) {
  const decrite = forme(feuille.forme);
  if (!decrite) return feuille.forme;
  const mots = decrite.titre.map((nom) => mot(decrite, nom, valeur(feuille, nom))).filter(Boolean);
  return [...(decrite.nommee ? [decrite.libelle] : []), ...mots].join(", ") || decrite.libelle;
}

function mot(decrite, nom, lue) {
  const { genre, liste } = decrite.champs.find((un) => un.nom === nom);
  if (lue === null) return "";
  if (genre === "code") return libelle(liste, lue);
  return genre === "jour" ? dateChiffree(lue) : String(lue);
}

// De qui est cette feuille : elle-même, si elle porte un nom, sinon celle qu'elle cite et qui en porte un.
export function qui(cahier, code, identifiant, dites) {
  const decrite = forme(code);
  const sienne = { forme: code, valeurs: { ...feuille(cahier, identifiant)?.valeurs, ...dites } };
  if (!decrite.nommee) return titre(sienne);
  const cites = decrite.champs.filter(({ genre }) => genre === "fiche").map(({ nom }) => feuille(cahier, valeur(sienne, nom)));
  const nommee = cites.find((citee) => citee && !forme(citee.forme).nommee);
  return nommee ? titre(nommee) : null;
}

const GENRES = new Map([...charger().keys()].flatMap((code) => VERBES.map((verbe) => [`${verbe}_${code}`, [verbe, code]])));

// « noter_rencontre » → ["noter", "rencontre"] ; rien si ce n'est pas une opération de feuille.
export const genreDeFeuille = (genre) => GENRES.get(genre) ?? null;

export function acte(genre) {
  const trouve = genreDeFeuille(genre);
  return trouve ? acteDit(forme(trouve[1]), trouve[0]) : "";
}
