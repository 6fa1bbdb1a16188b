// Une ligne d'agenda : miroir de app/viewmodels/agenda.py.
import { heureParis, jourParis } from "../domain/dates.js";
import { anneeAutre, minuscule } from "../domain/francais.js";
import { libelle } from "../domain/nomenclatures.js";
import { nomAffiche } from "../domain/personne.js";
import { CONSTATS, empechement, estRetournee, etat } from "../domain/rendez_vous.js";
import { libelleConvention, sexe } from "./contexte.js";

export function ligneRendezVous(rendezVous, dossier, contexte) {
  const { personne } = dossier;
  const actuel = etat(rendezVous, contexte.maintenant);
  const constats = constatsPossibles(rendezVous, dossier, contexte);
  const code = dossier.mesures.find((mesure) => mesure.id === rendezVous.mesure_id)?.convention;
  return {
    id: rendezVous.id,
    dossier_id: personne.id,
    date: jourParis(rendezVous.debut),
    annee: anneeAutre(jourParis(rendezVous.debut), contexte.aujourd_hui),
    heure: heureParis(rendezVous.debut),
    duree: rendezVous.duree,
    nom: nomAffiche(personne),
    lieu: rendezVous.lieu,
    convention: code ? libelleConvention(code, contexte) : null,
    etat: actuel === "propose" ? "a_venir" : actuel,
    etat_libelle: etatLibelle(actuel, personne, contexte),
    envoi: rendezVous.envoi ?? null,
    prochain: false,
    op_id: constats.length ? contexte.nouvel_identifiant() : null,
    base: rendezVous.version ?? null,
    constats,
    url_noter: urlDeLaFiche(rendezVous, dossier),
  };
}

export function constatsPossibles(rendezVous, dossier, contexte) {
  if (rendezVous.statut !== "propose") return [];
  const accord = sexe(dossier.personne, contexte);
  return CONSTATS.filter((statut) => empechement(rendezVous, statut, contexte.maintenant) === null).map((statut) => ({
    statut,
    libelle: libelle("constat", statut, accord),
  }));
}

export function correctionsPossibles(rendezVous, dossier, contexte) {
  if (rendezVous.statut === "propose") return [];
  const { maintenant } = contexte;
  const accord = sexe(dossier.personne, contexte);
  const confirmable = estRetournee(dossier, rendezVous.id);
  const autres = CONSTATS.filter(
    (statut) => (confirmable || statut !== rendezVous.statut) && empechement(rendezVous, statut, maintenant) === null,
  ).map((statut) => ({ statut, libelle: libelle("constat", statut, accord) }));
  const defait = etat({ ...rendezVous, statut: "propose" }, maintenant);
  return [...autres, { statut: "propose", libelle: libelle("statut_rendez_vous", defait, accord) }];
}

export const etatLibelle = (actuel, personne, contexte) =>
  actuel === "propose" ? null : minuscule(libelle("statut_rendez_vous", actuel, sexe(personne, contexte)));

export function urlDeLaFiche(rendezVous, dossier) {
  if (rendezVous.statut !== "honore") return null;
  if (dossier.entretiens.some((entretien) => entretien.rendez_vous_id === rendezVous.id)) return null;
  return `/entretiens/nouveau?dossier=${dossier.personne.id}&rendez_vous=${rendezVous.id}`;
}

export const entretiensLies = (dossier) =>
  new Set(dossier.entretiens.map((entretien) => entretien.rendez_vous_id).filter(Boolean));
