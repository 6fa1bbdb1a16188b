// Lire un fichier de cas partagés : miroir de tests/corpus/lecture.py, où la forme est dite.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { basename } from "node:path";
import { isDeepStrictEqual } from "node:util";

const DOSSIER = new URL("../corpus/", import.meta.url);

export const fichiersDe = (dossier) =>
  readdirSync(new URL(dossier, DOSSIER))
    .filter((nom) => nom.endsWith(".json"))
    .sort()
    .map((nom) => dossier + nom);

export function charger(chemin) {
  const { fiches = {}, cas } = JSON.parse(readFileSync(new URL(chemin, DOSSIER), "utf8"));
  return cas.map((brut) => ({
    nom: `${basename(chemin, ".json")} : ${brut.nom}`,
    fonction: brut.fonction,
    arguments: brut.arguments.map((argument) => deplier(argument, fiches)),
    attendu: deplier(brut.attendu === undefined ? brut.attendu_contient : brut.attendu, fiches),
    partiel: brut.attendu_contient !== undefined,
  }));
}

export function jouer({ fonction, arguments: args, attendu, partiel }, modules) {
  const chemin = fonction.split(".");
  const cible = modules[chemin[0]]?.[enChameau(chemin.at(-1))];
  assert.equal(typeof cible, "function", `${fonction} n'existe pas en JavaScript`);
  const obtenu = JSON.parse(JSON.stringify(cible(...args) ?? null));
  if (partiel) assert.deepEqual(manques(attendu, obtenu), []);
  else assert.deepEqual(obtenu, attendu);
}

const enChameau = (nom) => nom.replace(/_([a-z])/g, (_, lettre) => lettre.toUpperCase());

function deplier(valeur, fiches) {
  if (Array.isArray(valeur)) return valeur.map((element) => deplier(element, fiches));
  if (valeur === null || typeof valeur !== "object") return valeur;
  if (Object.hasOwn(valeur, "$fois")) return valeur.$texte.repeat(valeur.$fois);
  const base = Object.hasOwn(valeur, "$") ? deplier(structuredClone(fiches[valeur.$]), fiches) : {};
  if (Array.isArray(base) || typeof base !== "object") return base;
  const deplie = { ...base };
  for (const [nom, element] of Object.entries(valeur)) if (nom !== "$") deplie[nom] = deplier(element, fiches);
  if (deplie.nouvel_identifiant === "compteur") deplie.nouvel_identifiant = compteur();
  return deplie;
}

function compteur() {
  let rang = 0;
  return () => {
    rang += 1;
    return `0192a000-0000-7000-8000-${String(rang).padStart(12, "0")}`;
  };
}

function manques(attendu, obtenu) {
  if (Array.isArray(attendu)) {
    assert.equal(obtenu.length, attendu.length, JSON.stringify(obtenu));
    return attendu.flatMap((element, rang) => manques(element, obtenu[rang]));
  }
  return Object.entries(attendu)
    .filter(([nom, valeur]) => !isDeepStrictEqual(obtenu[nom], valeur))
    .map(([nom, valeur]) => `${nom} : ${JSON.stringify(obtenu[nom])} au lieu de ${JSON.stringify(valeur)}`);
}
