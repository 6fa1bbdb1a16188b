// À qui est un dossier, prêté ou partagé, et s'il est archivé : miroir de app/domain/acces.py.
import { CONTROLEURS, TERRAIN } from "#jalon/permissions";

import { referentAu } from "./mesure.js";

export const estArchive = (dossier) => Boolean(dossier.personne.archive_le);

export const estEnBinome = (dossier) => Boolean(dossier.personne.en_binome);

export const estFini = (partage, jour) => Boolean(partage.fin_le) || Boolean(partage.jusqu_au && partage.jusqu_au < jour);

export const estEnCours = (partage, jour) => !estFini(partage, jour) && !(partage.du && partage.du > jour);

const duree = (partage) => `${partage.jusqu_au || "9999"} ${partage.id}`;

export function pretA(dossier, utilisateurId, jour) {
  const siens = (dossier.partages ?? []).filter((partage) => partage.utilisateur === utilisateurId && estEnCours(partage, jour));
  return siens.reduce((garde, partage) => (garde === null || duree(partage) > duree(garde) ? partage : garde), null);
}

export const referents = (dossier, jour) => [
  ...new Set(dossier.mesures.map((mesure) => referentAu(mesure, jour)).filter(Boolean)),
];

export const peutRegler = (utilisateur) => TERRAIN.includes(utilisateur.role);

export function peutPartager(dossier, utilisateur, jour) {
  if (CONTROLEURS.includes(utilisateur.role)) return true;
  if (!TERRAIN.includes(utilisateur.role)) return false;
  return referents(dossier, jour).includes(utilisateur.id) || pretA(dossier, utilisateur.id, jour) === null;
}

export const aUnBinome = (dossier, jour) =>
  (dossier.partages ?? []).some((partage) => partage.motif === "binome" && !estFini(partage, jour));

const LISTES = ["mesures", "rendez_vous", "entretiens", "pieces", "controles", "desaccords", "partages"];

export function versionDuDossier(dossier) {
  const fiches = [dossier.personne, ...LISTES.flatMap((liste) => dossier[liste] ?? [])];
  const versions = fiches.map(({ version }) => version).filter((version) => typeof version === "number");
  return versions.length ? Math.max(...versions) : null;
}
