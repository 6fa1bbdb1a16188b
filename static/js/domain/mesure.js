// Une mesure à une date : miroir de app/domain/mesure.py.
import { LECTEURS_DES_MOTIFS } from "#jalon/permissions";

import { valeurAu } from "./personne.js";

const MOTIFS_RESERVES = [
  "suspension_incarceration",
  "aah",
  "are",
  "pension_invalidite",
  "indemnites_journalieres",
  "retraite",
];

export const motifLisible = (motif, role) =>
  MOTIFS_RESERVES.includes(motif) && !LECTEURS_DES_MOTIFS.includes(role) ? "autre" : motif;

export function statut(mesure, jour) {
  if (mesure.sortie_le && mesure.sortie_le <= jour) return "sortie";
  if (mesure.entree_le && mesure.entree_le <= jour) return "en_cours";
  return "en_integration";
}

export const estOuverte = (mesure, jour) => statut(mesure, jour) !== "sortie";

export const referentAu = (mesure, jour) => valeurAu(mesure.historique?.referent, jour);

export function conventionAu(conventions, code, jour) {
  const versions = conventions
    .filter((convention) => convention.code === code)
    .sort((a, b) => ((a.debut ?? "") < (b.debut ?? "") ? -1 : 1));
  if (versions.length === 0) return null;
  return versions.filter((convention) => (convention.debut ?? "") <= jour).at(-1) ?? versions[0];
}

export const nomCourt = (convention) => convention.libelle_court || convention.code;

export function mesurePrincipale(mesures, jour) {
  let principale = null;
  let meilleure = "";
  for (const mesure of mesures) {
    const recence = `${estOuverte(mesure, jour) ? 1 : 0}${mesure.entree_le || mesure.orientee_le || ""}`;
    if (principale === null || recence > meilleure) [principale, meilleure] = [mesure, recence];
  }
  return principale;
}
