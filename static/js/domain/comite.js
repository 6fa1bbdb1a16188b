// Un comité : miroir de app/domain/comite.py.
import { feuillesDe, valeur } from "./cahier.js";
import { ajouterJours } from "./dates.js";

const GARDE_JOURS = 7;

export const jour = ({ cahier }) => cahier.valeurs.jour;

export const jusquAu = (jourDuComite) => ajouterJours(jourDuComite, GARDE_JOURS);

export const situations = (comite) => feuillesDe(comite, "situation");

export const dossiers = (comite) => situations(comite).map((une) => valeur(une, "dossier_id")).filter(Boolean);

export const estDecidee = (situation) => valeur(situation, "decision") !== null;

// La prochaine encore à voir ; arrivé au bout, la première que l'on a passée.
export function ensuite(comite, situation) {
  const toutes = situations(comite);
  const rang = toutes.findIndex(({ id }) => id === situation.id);
  return [...toutes.slice(rang + 1), ...toutes.slice(0, Math.max(rang, 0))].find((une) => !estDecidee(une)) ?? null;
}
