import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as filtres from "../../../static/js/gabarits/filtres.js";
import { Markup, TemplateError, text } from "../../../static/js/gabarits/valeurs.js";

const corpus = JSON.parse(readFileSync(new URL("../../corpus/filtres.json", import.meta.url), "utf8"));

// Le compilateur complète toujours les paramètres d'après la signature Python.
const DEFAUTS = { pluriel: ["s", ""] };

const appliquer = ({ filtre, entree, arguments: donnes = [] }) => {
  const defauts = DEFAUTS[filtre] ?? [];
  return filtres[filtre](entree, ...donnes, ...defauts.slice(donnes.length));
};

for (const cas of corpus) {
  test(`${cas.filtre} ${JSON.stringify(cas.entree)}`, () => {
    if (cas.erreur) assert.throws(() => appliquer(cas), TemplateError);
    else assert.equal(text(appliquer(cas)), cas.sortie);
  });
}

test("chaque filtre a des cas", () => {
  assert.deepEqual(new Set(corpus.map((cas) => cas.filtre)), new Set(Object.keys(filtres)));
});

test("une valeur absente n'écrit rien", () => {
  for (const filtre of Object.keys(filtres)) assert.equal(text(appliquer({ filtre, entree: undefined })), "");
});

test("les paragraphes d'un HTML déjà sûr ne sont pas échappés deux fois", () => {
  assert.equal(filtres.paragraphes(new Markup("<b>a</b>\nb")).html, "<b>a</b><br>\nb");
});
