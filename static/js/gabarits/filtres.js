/**
 * Filtres français des gabarits : dates, durées, nombres, textes.
 *
 * Mêmes fonctions que `app/gabarits/filtres.py` ; `tests/corpus/filtres.json` est exécuté par les deux.
 */
import { dateChiffree, duree as dureeEnMots, heure as heureEnMots, jourCourt, jourLong } from "../domain/francais.js";
import { enMots } from "../domain/position.js";
import { Markup, TemplateError, escaped, text } from "./valeurs.js";

const FINE = "\u202f";

const absent = (valeur) => valeur === null || valeur === undefined || (valeur instanceof Markup ? valeur.html : valeur) === "";

/** Un jour « AAAA-MM-JJ » qui existe au calendrier. */
function lireJour(valeur) {
  const brut = text(valeur);
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(brut)) throw new TemplateError(`jour attendu sous la forme AAAA-MM-JJ : ${brut}`);
  const [annee, mois, quantieme] = brut.split("-").map(Number);
  const jour = new Date(0);
  jour.setUTCFullYear(annee, mois - 1, quantieme);
  if (annee === 0 || jour.getUTCMonth() !== mois - 1 || jour.getUTCDate() !== quantieme) {
    throw new TemplateError(`jour absent du calendrier : ${brut}`);
  }
  return brut;
}

function lireEntier(valeur) {
  if (!Number.isSafeInteger(valeur)) throw new TemplateError("nombre entier attendu");
  return valeur;
}

export const date_longue = (valeur) => (absent(valeur) ? "" : jourLong(lireJour(valeur)));

export const date_courte = (valeur) => (absent(valeur) ? "" : dateChiffree(lireJour(valeur)));

export const jour_court = (valeur) => (absent(valeur) ? "" : jourCourt(lireJour(valeur)));

export function duree(valeur) {
  if (absent(valeur)) return "";
  const minutes = lireEntier(valeur);
  if (minutes < 0) throw new TemplateError(`durée négative : ${minutes}`);
  return dureeEnMots(minutes);
}

export function heure(valeur) {
  if (absent(valeur)) return "";
  const brut = text(valeur);
  if (!/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/.test(brut)) throw new TemplateError(`heure attendue sous la forme HH:MM : ${brut}`);
  return heureEnMots(brut);
}

export function telephone(valeur) {
  if (absent(valeur)) return "";
  const brut = text(valeur);
  const chiffres = brut.replace(/[ .\u00a0\u202f-]/g, "");
  if (/^0[0-9]{9}$/.test(chiffres)) return chiffres.match(/../g).join(FINE);
  if (/^\+33[0-9]{9}$/.test(chiffres)) return [chiffres.slice(0, 3), chiffres[3], ...chiffres.slice(4).match(/../g)].join(FINE);
  return brut;
}

export const position = (valeur) => (absent(valeur) ? "" : enMots(text(valeur)));

export function pluriel(valeur, marque, singulier) {
  if (absent(valeur)) return text(singulier);
  return Math.abs(lireEntier(valeur)) >= 2 ? text(marque) : text(singulier);
}

export function nombre(valeur) {
  if (absent(valeur)) return "";
  return String(lireEntier(valeur)).replace(/\B(?=([0-9]{3})+$)/g, FINE);
}

export function initiales(valeur) {
  if (absent(valeur)) return "";
  const mots = text(valeur).match(/[^ \t\n\u00a0\u202f]+/g) ?? [];
  const retenus = mots.length < 2 ? mots : [mots[0], mots.at(-1)];
  return retenus.map((mot) => [...mot][0].toUpperCase()).join("");
}

export function majuscule(valeur) {
  if (absent(valeur)) return "";
  const [initiale, ...reste] = [...text(valeur)];
  return initiale.toUpperCase() + reste.join("");
}

export function paragraphes(valeur) {
  if (absent(valeur)) return new Markup("");
  return new Markup(escaped(valeur).html.split(/\r\n|\r|\n/).join("<br>\n"));
}
