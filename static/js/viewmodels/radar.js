// Le dessin d'une grille à degrés : miroir de app/viewmodels/radar.py.
import { dateChiffree } from "../domain/francais.js";
import { codes as codesDe, libelle } from "../domain/nomenclatures.js";
import { estVide } from "../domain/piece.js";
import { enMots } from "./mots_piece.js";

const [CX, CY] = [200, 150];
const [PAS, BORD, MOTS] = [36, 108, 122];
const LIGNES_MIN = 3;

export function radar(champ, releves) {
  const parCle = releves.map(([, lignes]) => new Map(lignes.map((ligne) => [ligne.cle, ligne])));
  const jours = releves.map(([jour]) => (jour ? dateChiffree(jour) : ""));
  const codes = codesDe(champ.liste).filter((code) => parCle.some((lues) => lues.has(code)));
  const total = codes.length;
  const quand = jours.filter(Boolean).map((jour) => `le ${jour}`).join(" et ");
  return {
    nom: `${champ.libelle}, ${quand}\u202f: le dessin de ce que dit le tableau`,
    axes: codes.map((_, rang) => `M${CX} ${CY}L${point(rang, total, BORD).join(" ")}`).join(""),
    mots: codes.map((code, rang) => mot(champ, code, ...point(rang, total, MOTS))),
    traces: total < LIGNES_MIN ? [] : parCle.map((lues, rang) => ({
      points: codes.map((code, r) => point(r, total, rayon(champ, lues.get(code))).join(",")).join(" "),
      avant: rang < releves.length - 1,
      quand: jours[rang],
      x: 70 + 160 * rang,
    })),
    entetes: [champ.libelle, ...jours],
    lignes: codes.map((code) => [libelle(champ.liste, code), ...parCle.map((lues) => dit(champ, lues.get(code)))]),
  };
}

function point(rang, total, r) {
  const angle = (2 * Math.PI * rang) / total;
  return [CX + Math.floor(r * Math.sin(angle) + 0.5), CY - Math.floor(r * Math.cos(angle) + 0.5)];
}

const rayon = (champ, ligne) => (!ligne || ligne.etat === "leve" ? 0 : PAS * (ligne[champ.radar] ?? 0));

const mot = (champ, code, x, y) => ({
  x,
  y: y + 4,
  ancre: Math.abs(x - CX) < PAS ? "middle" : x > CX ? "start" : "end",
  mot: champ.courts?.[code] ?? libelle(champ.liste, code).split(",")[0],
});

const dit = (champ, ligne) =>
  champ.champs
    .filter(({ nom }) => !estVide(ligne?.[nom]))
    .map((petit) => enMots(petit, ligne[petit.nom]))
    .join(", ");
