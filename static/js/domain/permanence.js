// Les créneaux d'une permanence, calculés et jamais gardés : miroir de app/domain/permanence.py.
import { ajouterJours, heureParis, instantDe, jourDeSemaine, jourParis, joursEntre, minuit } from "./dates.js";
import { estFerie } from "./jours_ouvres.js";

const HORIZON_JOURS = 60;

export function creneaux(permanences, pris, maintenant, nombre) {
  const trouves = [];
  for (let rang = 0, jour = jourParis(maintenant); rang < HORIZON_JOURS && trouves.length < nombre; rang += 1) {
    for (const permanence of duJour(permanences, jour)) {
      const occupes = [...trouves, ...pris];
      const libre = (creneau) => creneau.debut > maintenant && !occupes.some((autre) => seCroisent(creneau, autre));
      trouves.push(...deLaPermanence(permanence, jour).filter(libre));
    }
    jour = ajouterJours(jour, 1);
  }
  return trouves.sort((a, b) => (a.debut < b.debut ? -1 : 1)).slice(0, nombre);
}

export function seTient({ du, au, jour: voulu, semaines }, jour) {
  if (jour < du || (au && jour > au) || jourDeSemaine(jour) !== voulu || estFerie(jour)) return false;
  const premiere = ajouterJours(du, (voulu - jourDeSemaine(du) + 7) % 7);
  return (joursEntre(premiere, jour) / 7) % semaines === 0;
}

const duJour = (permanences, jour) =>
  permanences.filter((permanence) => seTient(permanence, jour)).sort((a, b) => (a.de + a.id < b.de + b.id ? -1 : 1));

function deLaPermanence({ de, a, pas, lieu }, jour) {
  const trouves = [];
  for (let minute = enMinutes(de); minute + pas <= enMinutes(a); minute += pas) {
    const heure = [Math.floor(minute / 60), minute % 60].map((nombre) => String(nombre).padStart(2, "0")).join(":");
    trouves.push({ debut: instantDe(jour, heure), heure, jour, duree: pas, lieu });
  }
  return trouves;
}

function seCroisent(creneau, { statut = "propose", debut, duree }) {
  if (statut !== "propose" || debut < minuit(creneau.jour) || debut >= minuit(ajouterJours(creneau.jour, 1))) return false;
  const [ici, la] = [enMinutes(creneau.heure), enMinutes(heureParis(debut))];
  return ici < la + (duree || creneau.duree) && la < ici + creneau.duree;
}

const enMinutes = (heure) => Number(heure.slice(0, 2)) * 60 + Number(heure.slice(3));
