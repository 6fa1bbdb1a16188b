// Un rendez-vous : miroir de app/domain/rendez_vous.py.
import { jourParis } from "./dates.js";

export const CONSTATS = ["honore", "absence_excusee", "absence_non_excusee", "annule_service"];

export const etat = (rendezVous, maintenant) =>
  rendezVous.statut === "propose" && rendezVous.debut < maintenant ? "a_preciser" : rendezVous.statut;

export function empechement(rendezVous, statut, maintenant) {
  if (statut === "propose") return null;
  if (!CONSTATS.includes(statut)) return "Choisissez ce qui s’est passé.";
  const leJourVenu = statut === "honore" || statut === "absence_non_excusee";
  if (leJourVenu && jourParis(rendezVous.debut) > jourParis(maintenant)) return "Ce rendez-vous n’a pas encore eu lieu.";
  return null;
}

export const estRetournee = (dossier, ficheId) =>
  dossier.controles.some((controle) => controle.fiche_id === ficheId && controle.etat === "retournee");

// L'issue d'un rendez-vous ne vaut que pour son jour : déplacé à un autre, il est de nouveau proposé.
export const deplace = (rendezVous, debut) =>
  jourParis(rendezVous.debut) === jourParis(debut) ? { debut } : { debut, statut: "propose" };

export const estDeplacable = (rendezVous) => rendezVous.statut === "propose";
