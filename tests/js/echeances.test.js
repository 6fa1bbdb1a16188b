// Les échéances racontées, que Python joue aussi (tests/domain/test_echeances.py) ; la forme est dans tests/corpus/scenarios.py.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { echeances } from "../../static/js/domain/echeance/index.js";
import { fichiersDe } from "./corpus.js";

const lire = (nom) => JSON.parse(readFileSync(new URL(`../corpus/${nom}`, import.meta.url), "utf8"));
const CONVENTIONS = lire("conventions.json");
const CLES = { source: "citation" };
const VIDE = {
  orientee_le: null, premier_contact_le: null, entree_le: null, fin_prevue_le: null, sortie_le: null, sortie_motif: null,
  historique: {},
};

function dossierDe(brut, code) {
  const m1 = { id: "m1", ...VIDE, convention: code, ...brut.mesure, ...(brut.convention && { convention: brut.convention }) };
  return {
    personne: { type: "personne", id: "p1", nom: "Diallo-Fictive", historique: brut.personne ?? {} },
    mesures: [m1, ...(brut.autre_mesure ? [{ id: "m2", ...VIDE, ...brut.autre_mesure }] : [])],
    entretiens: (brut.entretiens ?? []).map(([date, moyen, rendezVous = null], rang) => ({
      id: `e${rang + 1}`, mesure_id: "m1", date, moyen, rendez_vous_id: rendezVous,
    })),
    rendez_vous: (brut.rendez_vous ?? []).map(([debut, statut], rang) => ({
      id: `r${rang + 1}`, mesure_id: "m1", debut: `${debut.replace(" ", "T")}:00Z`, statut,
    })),
    pieces: (brut.pieces ?? []).map(([forme, valeurs, retiree = null], rang) => ({
      id: `x${rang + 1}`, mesure_id: "m1", forme, retiree_le: retiree, valeurs,
    })),
    controles: [],
  };
}

function dire(echeance, cle) {
  if (cle === "geste") return echeance.action.libelle;
  if (cle === "url") return echeance.action.url;
  return echeance[CLES[cle] ?? cle]?.replace(/[\u202f\u00a0]/g, " ");
}

for (const nom of fichiersDe("./").filter((chemin) => chemin.includes("echeances_"))) {
  const fichier = lire(nom);
  describe(fichier.sujet, () => {
    for (const brut of fichier.scenarios) {
      const regarde = brut.regarde ?? fichier.regarde ?? [];
      for (const [jour, dits] of Object.entries(brut.jours)) {
        test(`${brut.recit} — ${jour}`, () => {
          const attendu = dits.map((dit) => (typeof dit === "string" ? { titre: dit } : dit));
          const vues = echeances(dossierDe(brut, fichier.convention), CONVENTIONS, `${jour}T08:00:00Z`).filter(
            ({ genre, aussi }) => !regarde.length || [genre, ...aussi].some((un) => regarde.includes(un)),
          );
          const lu = vues.map((echeance, rang) =>
            Object.fromEntries(Object.keys(attendu[rang] ?? { titre: "" }).map((cle) => [cle, dire(echeance, cle)])),
          );
          assert.deepEqual(lu, attendu);
        });
      }
    }
  });
}

describe("ce qui est dû, retenu d'un écran à l'autre", () => {
  const MATIN = "2026-03-20T10:00:00Z";
  const mesure = { entree_le: "2026-03-02", orientee_le: "2026-03-01", premier_contact_le: "2026-03-02" };
  const unDossier = () => dossierDe({ mesure, rendez_vous: [["2026-03-20 14:00", "propose"]] }, "ASP-NC");

  test("un dossier intact n'est pas recalculé", () => {
    const dossier = unDossier();
    assert.equal(echeances(dossier, CONVENTIONS, MATIN), echeances(dossier, CONVENTIONS, "2026-03-20T13:59:59Z"));
  });

  test("il l'est quand passe l'heure d'un rendez-vous, le jour, ou quand la montre recule", () => {
    const dossier = unDossier();
    const moments = [MATIN, "2026-03-20T14:30:00Z", "2026-03-24T00:30:00Z", "2026-05-04T22:30:00Z", "2026-03-20T09:00:00Z"];
    const obtenues = moments.map((moment) => echeances(dossier, CONVENTIONS, moment));
    assert.deepEqual(obtenues, moments.map((moment) => echeances(unDossier(), CONVENTIONS, moment)));
    assert.notDeepEqual(obtenues[0], obtenues[1]);
  });

  test("il l'est quand les conventions changent", () => {
    const dossier = unDossier();
    assert.ok(echeances(dossier, CONVENTIONS, MATIN).length);
    assert.deepEqual(echeances(dossier, [], MATIN), []);
  });
});
