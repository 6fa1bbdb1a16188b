// Les jours où l'on peut proposer un rendez-vous : miroir de app/domain/jours_ouvres.py.
import { ajouterJours, jourDeSemaine } from "./dates.js";

const FIXES = ["01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25"];
const MOBILES = [1, 39, 50];

export function paques(annee) {
  const siecle = Math.floor(annee / 100);
  const rang = annee % 100;
  const or = annee % 19;
  const lunaire = Math.floor((siecle - Math.floor((siecle + 8) / 25) + 1) / 3);
  const epacte = (19 * or + siecle - Math.floor(siecle / 4) - lunaire + 15) % 30;
  const semaine = (((32 + 2 * (siecle % 4) + 2 * Math.floor(rang / 4) - epacte - (rang % 4)) % 7) + 7) % 7;
  const correction = Math.floor((or + 11 * epacte + 22 * semaine) / 451);
  const somme = epacte + semaine - 7 * correction + 114;
  const deuxChiffres = (nombre) => String(nombre).padStart(2, "0");
  return `${annee}-${deuxChiffres(Math.floor(somme / 31))}-${deuxChiffres((somme % 31) + 1)}`;
}

export function estFerie(jour) {
  if (FIXES.includes(jour.slice(5))) return true;
  const dimanche = paques(+jour.slice(0, 4));
  return MOBILES.some((apres) => ajouterJours(dimanche, apres) === jour);
}

export const estOuvre = (jour) => jourDeSemaine(jour) < 5 && !estFerie(jour);

export function ouvreAuPlusTot(jour) {
  let essai = jour;
  while (!estOuvre(essai)) essai = ajouterJours(essai, 1);
  return essai;
}

export function ouvreAuPlusTard(jour) {
  let essai = jour;
  while (!estOuvre(essai)) essai = ajouterJours(essai, -1);
  return essai;
}
