/**
 * Filtres français des gabarits : dates, durées, nombres, textes.
 *
 * Mêmes fonctions que `app/gabarits/filtres.py` ; `tests/corpus/filtres.json` est exécuté par les deux.
 */
import { Markup, TemplateError, escaped, text } from "./valeurs.js";

const FINE = "\u202f";
const INSECABLE = "\u00a0";

const JOURS = ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"];
const JOURS_COURTS = ["dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."];
const MOIS = [
  "janvier",
  "février",
  "mars",
  "avril",
  "mai",
  "juin",
  "juillet",
  "août",
  "septembre",
  "octobre",
  "novembre",
  "décembre",
];
const MOIS_COURTS = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split(" ");

const absent = (valeur) => valeur === null || valeur === undefined || (valeur instanceof Markup ? valeur.html : valeur) === "";

const deuxChiffres = (n) => String(n).padStart(2, "0");

/** Un jour « AAAA-MM-JJ » qui existe au calendrier. */
function lireJour(valeur) {
  const trouve = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text(valeur));
  if (!trouve) throw new TemplateError(`jour attendu sous la forme AAAA-MM-JJ : ${text(valeur)}`);
  const [annee, mois, quantieme] = trouve.slice(1).map(Number);
  const jour = new Date(0);
  jour.setUTCFullYear(annee, mois - 1, quantieme);
  if (annee === 0 || jour.getUTCMonth() !== mois - 1 || jour.getUTCDate() !== quantieme) {
    throw new TemplateError(`jour absent du calendrier : ${text(valeur)}`);
  }
  return { annee, mois, quantieme, semaine: jour.getUTCDay() };
}

function lireEntier(valeur) {
  if (!Number.isSafeInteger(valeur)) throw new TemplateError("nombre entier attendu");
  return valeur;
}

const premier = (quantieme) => (quantieme === 1 ? "1er" : String(quantieme));

export function date_longue(valeur) {
  if (absent(valeur)) return "";
  const { annee, mois, quantieme, semaine } = lireJour(valeur);
  return `${JOURS[semaine]} ${premier(quantieme)} ${MOIS[mois - 1]} ${annee}`;
}

export function date_courte(valeur) {
  if (absent(valeur)) return "";
  const { annee, mois, quantieme } = lireJour(valeur);
  return `${deuxChiffres(quantieme)}/${deuxChiffres(mois)}/${String(annee).padStart(4, "0")}`;
}

export function jour_court(valeur) {
  if (absent(valeur)) return "";
  const { mois, quantieme, semaine } = lireJour(valeur);
  return `${JOURS_COURTS[semaine]} ${premier(quantieme)} ${MOIS_COURTS[mois - 1]}`;
}

export function duree(valeur) {
  if (absent(valeur)) return "";
  const minutes = lireEntier(valeur);
  if (minutes < 0) throw new TemplateError(`durée négative : ${minutes}`);
  const heures = Math.floor(minutes / 60);
  const reste = minutes % 60;
  if (!heures) return `${reste}${INSECABLE}min`;
  return reste ? `${heures}${INSECABLE}h${INSECABLE}${deuxChiffres(reste)}` : `${heures}${INSECABLE}h`;
}

export function heure(valeur) {
  if (absent(valeur)) return "";
  const trouve = /^([01][0-9]|2[0-3]):([0-5][0-9])$/.exec(text(valeur));
  if (!trouve) throw new TemplateError(`heure attendue sous la forme HH:MM : ${text(valeur)}`);
  const heures = `${Number(trouve[1])}${INSECABLE}h`;
  return trouve[2] === "00" ? heures : `${heures}${INSECABLE}${trouve[2]}`;
}

export function telephone(valeur) {
  if (absent(valeur)) return "";
  const brut = text(valeur);
  const chiffres = brut.replace(/[ .\u00a0\u202f-]/g, "");
  if (/^0[0-9]{9}$/.test(chiffres)) return chiffres.match(/../g).join(FINE);
  if (/^\+33[0-9]{9}$/.test(chiffres)) return [chiffres.slice(0, 3), chiffres[3], ...chiffres.slice(4).match(/../g)].join(FINE);
  return brut;
}

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
