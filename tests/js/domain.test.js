// Les règles du métier, sur les cas que Python joue aussi (tests/domain/test_corpus.py).
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import * as acces from "../../static/js/domain/acces.js";
import * as action from "../../static/js/domain/action.js";
import * as assiduite from "../../static/js/domain/assiduite.js";
import * as cahier from "../../static/js/domain/cahier.js";
import * as comite from "../../static/js/domain/comite.js";
import * as dates from "../../static/js/domain/dates.js";
import * as echeance from "../../static/js/domain/echeance/index.js";
import * as feuilles from "../../static/js/domain/feuilles.js";
import * as francais from "../../static/js/domain/francais.js";
import { deriver, estIdentifiant, identifiant } from "../../static/js/domain/identifiant.js";
import * as jours_ouvres from "../../static/js/domain/jours_ouvres.js";
import * as maraude from "../../static/js/domain/maraude.js";
import * as masque from "../../static/js/domain/masque.js";
import * as mesure from "../../static/js/domain/mesure.js";
import * as oubli from "../../static/js/domain/oubli.js";
import * as position from "../../static/js/domain/position.js";
import * as parcours from "../../static/js/domain/parcours.js";
import * as piece from "../../static/js/domain/piece.js";
import * as permanence from "../../static/js/domain/permanence.js";
import * as personne from "../../static/js/domain/personne.js";
import * as projection from "../../static/js/domain/projection/index.js";
import * as recherche from "../../static/js/domain/recherche.js";
import * as rendez_vous from "../../static/js/domain/rendez_vous.js";
import * as ressemblance from "../../static/js/domain/ressemblance.js";
import * as saisie from "../../static/js/domain/saisie/index.js";
import * as lecture from "../../static/js/domain/saisie/lecture.js";
import * as sortie from "../../static/js/domain/sortie.js";
import { charger, jouer } from "./corpus.js";

const MODULES = {
  acces,
  action,
  feuilles,
  identifiant: { deriver },
  assiduite,
  cahier,
  comite,
  dates,
  echeance,
  francais,
  jours_ouvres,
  maraude,
  masque,
  mesure,
  oubli,
  position,
  parcours,
  permanence,
  personne,
  piece,
  projection,
  recherche,
  rendez_vous,
  ressemblance,
  sortie,
  saisie: { ...saisie, ...lecture },
};
const FICHIERS = [
  "dates", "francais", "recherche", "personne", "mesure", "rendez_vous", "echeances", "saisie", "projection", "acces",
  "piece", "saisie_pieces", "projection_pieces", "cahier", "projection_feuilles", "parcours", "assiduite",
  "sortie", "masque", "permanence", "saisie_deplacement", "maraude", "saisie_maraude", "rattachement", "oubli", "position",
  "action", "saisie_action",
  "comite", "saisie_annuaire", "saisie_comite",
];

describe("règles du métier", () => {
  for (const cas of FICHIERS.flatMap((fichier) => charger(`${fichier}.json`))) {
    test(cas.nom, () => jouer(cas, MODULES));
  }
});

describe("heure de Paris", () => {
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone: "Europe/Paris", dateStyle: "short", timeStyle: "short",
  });

  test("la règle européenne dit la même heure que le calendrier du système, de 2000 à 2037", () => {
    const HEURE = 3_600_000;
    for (let annee = 2000; annee <= 2037; annee += 1) {
      for (const [mois, jours] of [[0, 1], [2, 31], [6, 1], [9, 31]]) {
        for (let heures = 0; heures < jours * 24; heures += 1) {
          const instant = new Date(Date.UTC(annee, mois, 1) + heures * HEURE).toISOString().slice(0, 19) + "Z";
          const attendu = format.format(new Date(instant));
          const obtenu = `${dates.jourParis(instant)} ${dates.heureParis(instant)}`;
          if (obtenu !== attendu) assert.equal(obtenu, attendu, instant);
        }
      }
    }
  });

  test("un instant relu de son jour et de son heure est le même, hors de l'heure double", () => {
    for (let heures = 0; heures < 24 * 366; heures += 1) {
      const instant = new Date(Date.UTC(2026, 0, 1) + heures * 3_600_000).toISOString().slice(0, 19) + "Z";
      const relu = dates.instantDe(dates.jourParis(instant), dates.heureParis(instant));
      if (instant !== "2026-10-25T01:00:00Z") assert.equal(relu, instant);
      else assert.equal(relu, "2026-10-25T00:00:00Z");
    }
  });
});

describe("identifiants", () => {
  test("un identifiant porte l'heure, la version 7 et le hasard", () => {
    const hasard = new Uint8Array(16).fill(255);
    assert.equal(identifiant(0x0192a0001234, hasard), "0192a000-1234-7fff-bfff-ffffffffffff");
  });

  test("mille identifiants sont différents et bien formés", () => {
    const tous = new Set(Array.from({ length: 1000 }, () => identifiant()));
    assert.equal(tous.size, 1000);
    for (const un of tous) assert.ok(estIdentifiant(un), un);
  });

  test("les identifiants d'heures qui se suivent se trient dans l'ordre", () => {
    assert.ok(identifiant(1_000) < identifiant(2_000));
  });
});
