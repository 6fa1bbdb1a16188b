// Qui d'autre a ce dossier, et s'il est archivé : miroir de app/viewmodels/acces.py.
import { CONTROLEURS } from "#jalon/permissions";

import { estArchive, estEnBinome, estEnCours, estFini, peutPartager, pretA, referents, versionDuDossier } from "../domain/acces.js";
import { jourLong, minuscule } from "../domain/francais.js";
import { libelle } from "../domain/nomenclatures.js";
import { cle } from "../domain/recherche.js";
import { nomDeCollegue, trierPar } from "./contexte.js";

export function acces(dossier, contexte) {
  const { utilisateur: moi, aujourd_hui: jour } = contexte;
  const base = `/dossiers/${dossier.personne.id}`;
  const peut = peutPartager(dossier, moi, jour);
  const ouverts = (dossier.partages ?? []).filter((partage) => !estFini(partage, jour));
  const geste = peut ? gesteArchive(dossier, contexte, base) : null;
  const vues = ouverts.map((partage) => vuePartage(partage, contexte, base, peut || partage.utilisateur === moi.id));
  return {
    archive: estArchive(dossier) ? `Dossier archivé le ${jourLong(dossier.personne.archive_le, jour)}.` : null,
    geste_archive: geste,
    pret: (estEnBinome(dossier) ? enBinome : pret)(pretA(dossier, moi.id, jour), jour, dossier),
    en_binome: estEnBinome(dossier),
    partages: trierPar(vues, ({ nom, id }) => [cle(nom), id]),
    url_partager: peut ? `${base}/partager` : null,
    url_confier: urlConfier(dossier, contexte),
  };
}

// Le chef de service passe le dossier à quelqu'un d'autre : la page Équipe, ce dossier déjà coché.
function urlConfier(dossier, { utilisateur, aujourd_hui: jour }) {
  const [suiviPar = null] = referents(dossier, jour);
  return CONTROLEURS.includes(utilisateur.role) && suiviPar ? `/equipe?de=${suiviPar}&dossier=${dossier.personne.id}` : null;
}

function gesteArchive(dossier, contexte, base) {
  const archive = estArchive(dossier);
  return {
    url: archive ? `${base}/rouvrir` : `${base}/archiver`,
    libelle: archive ? "Rouvrir ce dossier" : "Archiver ce dossier",
    op_id: contexte.nouvel_identifiant(),
    base: versionDuDossier(dossier),
  };
}

function vuePartage(partage, contexte, base, peutFinir) {
  const aMoi = partage.utilisateur === contexte.utilisateur.id;
  const nom = partage.utilisateur_nom || nomDeCollegue(partage.utilisateur, contexte) || "Un collègue";
  return {
    id: partage.id,
    nom: aMoi ? "Vous" : nom,
    texte: enMots(partage, contexte.aujourd_hui),
    envoi: partage.envoi ?? null,
    url: `${base}/partages/${partage.id}/cesser`,
    op_id: peutFinir ? contexte.nouvel_identifiant() : null,
    geste: aMoi ? "Rendre ce dossier" : "Terminer ce partage",
  };
}

function enMots(partage, jour) {
  const termes = partage.motif ? [minuscule(libelle("motif_partage", partage.motif))] : [];
  if (!estEnCours(partage, jour)) termes.push(`à partir du ${jourLong(partage.du, jour)}`);
  if (partage.jusqu_au) termes.push(`jusqu’au ${jourLong(partage.jusqu_au, jour)}`);
  return termes.join(", ") || "sans terme";
}

function enBinome(partage, jour, { personne }) {
  const par = partage ? ` par ${partage.par_nom}` : "";
  const fin = partage?.jusqu_au ? ` jusqu’au ${jourLong(partage.jusqu_au, jour)}` : "";
  const lu = personne.en_binome.accord
    ? "Vous y lisez ce que vous notez et ce qui vous est partagé."
    : "L’accord de partage de la personne n’est pas noté\u202f: vous y lisez son nom et ce que vous notez.";
  return `Ouvert à vous en binôme${par}${fin}. ${lu}`;
}

function pret(partage, jour) {
  if (!partage) return null;
  if (!partage.jusqu_au) return `Ouvert à vous par ${partage.par_nom}, sans terme.`;
  return `Prêté par ${partage.par_nom} jusqu’au ${jourLong(partage.jusqu_au, jour)}. Il quittera votre carnet le lendemain.`;
}
