// Rend des gabarits compilés à la demande : une ligne JSON par demande sur l'entrée, une par réponse.
// Un seul processus sert tous les cas d'une série d'essais.
import { createInterface } from "node:readline";
import { compileFunction } from "node:vm";

import * as F from "../../static/js/gabarits/filtres.js";
import * as I from "../../static/js/gabarits/integres.js";
import * as R from "../../static/js/gabarits/runtime.js";
import * as V from "../../static/js/gabarits/valeurs.js";

const moteurs = new Map();

const preparer = ({ cle, code }) => {
  moteurs.set(cle, R.renderer(compileFunction(`return (${code});`, ["V", "I", "F", "R"])(V, I, F, R)));
  return {};
};

const rendre = ({ cle, gabarit, contexte }) => ({ html: moteurs.get(cle)(gabarit, contexte) });

const repondre = (demande) => {
  try {
    return demande.code === undefined ? rendre(demande) : preparer(demande);
  } catch (erreur) {
    return { erreur: `${erreur.message}`, refus: erreur instanceof V.OutOfSubset, prevue: erreur instanceof V.TemplateError };
  }
};

for await (const ligne of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(repondre(JSON.parse(ligne)))}\n`);
}
