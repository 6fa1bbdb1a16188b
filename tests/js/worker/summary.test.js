import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { echeances } from "../../../static/js/domain/echeance/index.js";
import { dossiers } from "../../../static/js/viewmodels/dossiers.js";
import { maJournee } from "../../../static/js/viewmodels/ma_journee.js";
import { summarise } from "../../../static/js/worker/summary.js";
import { charger, fichiersDe } from "../corpus.js";

const jour = (decalage) => new Date(Date.parse("2026-11-26T12:00:00Z") + decalage * 86_400_000).toISOString().slice(0, 10);
const estDossier = (valeur) => Array.isArray(valeur?.rendez_vous) && Array.isArray(valeur?.controles) && valeur.personne;

/** Les mêmes écrans, à un identifiant tiré près. */
const sansTirage = (vue) => JSON.parse(JSON.stringify(vue, (cle, valeur) => (cle === "op_id" && valeur ? "tiré" : valeur)));

function memesEcrans(tous, contexte, resumeLe) {
  const resumes = tous.map((dossier) => summarise(dossier, resumeLe));
  const filtres = [{}, { retard: true }, { q: "a" }, { conventions: ["ASP-NC"] }];
  assert.deepEqual(sansTirage(maJournee(resumes, contexte)), sansTirage(maJournee(tous, contexte)));
  for (const filtre of filtres) assert.deepEqual(dossiers(resumes, contexte, filtre), dossiers(tous, contexte, filtre));
}

describe("sur les cas des écrans, résumés le jour même, la veille ou un mois plus tôt", () => {
  const cas = fichiersDe("vues/").flatMap(charger);
  const voulus = cas.filter(({ arguments: [tous, contexte] }) => Array.isArray(tous) && tous.every(estDossier) && contexte?.reference);
  for (const { nom, arguments: [tous, contexte] } of voulus) {
    test(nom, () => {
      const complet = { nouvel_identifiant: () => "x", ...contexte };
      for (const avant of [0, 1, 31]) {
        const le = new Date(Date.parse(`${contexte.aujourd_hui}T12:00:00Z`) - avant * 86_400_000).toISOString().slice(0, 10);
        memesEcrans(tous, complet, le);
      }
    });
  }
  test("il y en a", () => assert.ok(voulus.length > 10, `${voulus.length} cas`));
});

describe("sur les cas des échéances", () => {
  const voulus = charger("echeances.json").filter(({ fonction }) => fonction.endsWith("echeances"));
  for (const { nom, arguments: [dossier, conventions, maintenant] } of voulus) {
    test(nom, () => {
      const complet = { controles: [], ...dossier };
      for (const le of [maintenant.slice(0, 10), "2020-01-01"]) {
        assert.deepEqual(echeances(summarise(complet, le), conventions, maintenant), echeances(complet, conventions, maintenant));
      }
    });
  }
  test("il y en a", () => assert.ok(voulus.length > 10, `${voulus.length} cas`));
});

/** Un tirage qui se rejoue : le même départ donne les mêmes dossiers. */
function hasard(graine) {
  const etat = { n: graine };
  const suivant = () => {
    etat.n = (etat.n * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return etat.n / 4_294_967_296;
  };
  const entier = (bas, haut) => bas + Math.floor(suivant() * (haut - bas + 1));
  return { entier, choix: (liste) => liste[entier(0, liste.length - 1)], parfois: (part) => suivant() < part };
}

const CONVENTIONS = [
  { code: "ASP-NC", libelle: "Accompagnement", debut: "2024-01-01", premier_contact_jours: 15, cadence: { nombre: 1, par: "mois" }, citations: {} },
  { code: "PLIE", libelle: "PLIE", debut: "2024-01-01", premier_contact_jours: 8, cadence: { nombre: 2, par: "semaine" }, citations: {} },
];

function unDossierTire(de, rang) {
  const id = (sorte, n) => `${sorte}-${rang}-${n}`;
  const mesures = Array.from({ length: de.entier(0, 2) }, (_, n) => ({
    type: "mesure",
    id: id("mesure", n),
    convention: de.choix(["ASP-NC", "PLIE"]),
    orientee_le: de.parfois(0.7) ? jour(-de.entier(0, 90)) : null,
    premier_contact_le: de.parfois(0.3) ? jour(-de.entier(0, 60)) : null,
    entree_le: de.parfois(0.6) ? jour(-de.entier(-5, 90)) : null,
    sortie_le: de.parfois(0.2) ? jour(de.entier(-20, 40)) : null,
    historique: {},
  }));
  const mesure = () => (mesures.length && de.parfois(0.8) ? de.choix(mesures).id : null);
  const rendezVous = Array.from({ length: de.entier(0, 8) }, (_, n) => ({
    type: "rendez_vous",
    id: id("rdv", n),
    mesure_id: mesure(),
    debut: `${jour(de.entier(-60, 20))}T${String(de.entier(0, 23)).padStart(2, "0")}:30:00Z`,
    duree: 45,
    lieu: "Mairie",
    statut: de.choix(["propose", "honore", "honore", "absence_excusee", "absence_non_excusee", "annule_service"]),
  }));
  const entretiens = Array.from({ length: de.entier(0, 8) }, (_, n) => ({
    type: "entretien",
    id: id("entretien", n),
    mesure_id: mesure(),
    rendez_vous_id: rendezVous.length && de.parfois(0.4) ? de.choix(rendezVous).id : null,
    date: jour(de.entier(-90, 4)),
    moyen: de.choix(["presentiel", "telephone", "courriel", "sms", "visite"]),
    synthese: "Point.",
    auteur: de.choix(["moi", "autre"]),
  }));
  const controles = [...rendezVous, ...entretiens, ...mesures].filter(() => de.parfois(0.5)).map((fiche) => ({
    type: "controle",
    id: `controle-${fiche.id}`,
    fiche_id: fiche.id,
    fiche_type: fiche.type,
    etat: de.choix(["recue", "validee", "retournee"]),
    remarque: "À compléter",
    par_nom: "Chef",
  }));
  const personne = { type: "personne", id: id("personne", 0), nom: `Nom${rang % 7}`, prenom: "Ana", pseudonymes: [], historique: {} };
  return { personne, mesures, rendez_vous: rendezVous, entretiens, controles };
}

test("sur mille dossiers tirés, lus le jour du résumé ou après", () => {
  const de = hasard(20_261_126);
  for (let tour = 0; tour < 100; tour += 1) {
    const tous = Array.from({ length: 10 }, (_, rang) => unDossierTire(de, rang));
    const maintenant = `${jour(0)}T${de.choix(["00:10", "08:00", "13:30", "23:45"])}:00Z`;
    const contexte = {
      aujourd_hui: new Date(Date.parse(maintenant) + 3_600_000).toISOString().slice(0, 10),
      maintenant,
      utilisateur: { id: "moi", prenom: "Camille" },
      reference: { conventions: CONVENTIONS, collegues: [] },
      nouvel_identifiant: () => "x",
    };
    memesEcrans(tous, contexte, de.choix([contexte.aujourd_hui, jour(-1), jour(-7), jour(-40)]));
  }
});

test("une sorte de fiche que le résumé ne connaît pas y reste entière", () => {
  const dossier = { personne: { id: "p" }, mesures: [], rendez_vous: [], entretiens: [], controles: [], bilans: [{ id: "b", texte: "Point" }] };
  assert.deepEqual(summarise(dossier, jour(0)).bilans, dossier.bilans);
});

test("le résumé ne porte ni synthèse, ni note, ni démarches", () => {
  const entretien = { id: "e", date: jour(0), moyen: "visite", synthese: "secret", note_personnelle: "secret", demarches: ["secret"] };
  const dossier = { personne: { id: "p" }, mesures: [], rendez_vous: [], entretiens: [entretien], controles: [] };
  assert.ok(!JSON.stringify(summarise(dossier, jour(0))).includes("secret"));
});
