// Le dossier tel qu'il sera, avec ce que l'on a noté : miroir de app/domain/projection/.
import { genreDeFeuille } from "../cahier.js";
import { genreDePiece } from "../piece.js";
import * as controle from "./controle.js";
import * as entretien from "./entretien.js";
import { VERBES as VERBES_DE_FEUILLE } from "./feuille.js";
import * as mesure from "./mesure.js";
import * as partage from "./partage.js";
import * as personne from "./personne.js";
import { VERBES } from "./piece.js";
import * as rattachement from "./rattachement.js";
import * as rendezVous from "./rendez_vous.js";

export { insererValeur } from "./changement.js";

const GENRES_APPLIQUES = {
  ...personne.GENRES,
  ...mesure.GENRES,
  ...rendezVous.GENRES,
  ...entretien.GENRES,
  ...controle.GENRES,
  ...partage.GENRES,
  ...rattachement.GENRES,
  // Au bureau seul, et sur deux dossiers : le téléphone en reçoit le résultat.
  reprendre_operation: (dossier) => dossier,
  fusionner_dossiers: (dossier) => dossier,
  separer_dossiers: (dossier) => dossier,
  echoir_note: (dossier) => dossier,
  lire_note: (dossier) => dossier,
  creer_cahier: (cahier) => cahier,
  modifier_cahier: (cahier) => cahier,
  ajouter_membre: (cahier) => cahier,
  retirer_membre: (cahier) => cahier,
};

export const GENRES = Object.keys(GENRES_APPLIQUES);

export function projeter(dossier, operation, acteur) {
  const [fait, feuille] = genreDeFeuille(operation.genre) ?? [];
  if (fait) return dossier && VERBES_DE_FEUILLE[fait]({ feuilles: [], ...dossier }, feuille, operation, acteur);
  const [verbe, forme] = genreDePiece(operation.genre) ?? [];
  if (verbe) return dossier && VERBES[verbe]({ pieces: [], ...dossier }, forme, operation, acteur);
  if (!Object.hasOwn(GENRES_APPLIQUES, operation.genre)) return dossier;
  return GENRES_APPLIQUES[operation.genre](dossier, operation, acteur);
}
