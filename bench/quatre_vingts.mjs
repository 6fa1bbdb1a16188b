/* Dossiers et Ma journée pour 80 dossiers pleins : le temps de processeur que le téléphone y passe, modèle de vue et gabarit à part.
 * Les conventions arrivent sur l'entrée, telles que le téléphone les reçoit. */
import { readFileSync } from "node:fs";

import { rendre } from "#jalon/gabarits";
import { ACTIFS } from "#jalon/actifs";

import { ajouterJours } from "../static/js/domain/dates.js";
import * as vues from "../static/js/viewmodels/index.js";
import { createFrame } from "../static/js/worker/frame.js";

const DOSSIERS = 80;
const ESSAIS = 30;
const JOUR = "2025-11-26";
const CODES = ["ASP-NC", "DSP-TDL", "PDC-ASP", "CEA-FA5"];
const conventions = JSON.parse(readFileSync(0, "utf8"));
const utilisateur = { id: "u1", nom: "Essai", prenom: "Une", role: "conseiller" };

const ilYA = (jours) => ajouterJours(JOUR, -jours);
const fiche = (type, id, personne, champs) => ({ type, id, personne_id: personne, mesure_id: `m${personne}`, version: 1, reference: null, ...champs });

function piece(personne, rang) {
  const du = ilYA(15 * rang + 3);
  const formes = [
    ["contrat", { type: "contrat_insertion", sorte: "premier", debut: ilYA(150), fin: ajouterJours(JOUR, 30), signe_personne_le: ilYA(150), signe_referent_le: ilYA(150) }],
    ["diagnostic", { jour: ilYA(170), moment: "entree", freins: [{ cle: "mobilite", niveau: 2, etat: "releve" }] }],
    ["etape", { nature: "cdd", debut: du, fin: ajouterJours(du, 40) }],
    ["action", { quoi: "Refaire un papier", etat: "a_faire", pour_le: ajouterJours(JOUR, rang) }],
    ["information", { sujet: "droits_devoirs", le: du }],
    ["demande", { nature: "logement", deposee_le: du, statut: "en_cours" }],
    ["semaine", { lundi: "2025-11-17", activites: [{ nature: "demarches", minutes: 480 }] }],
  ];
  const [forme, valeurs] = formes[rang % formes.length];
  const suivi = { auteur: "u1", auteur_nom: "Une Essai", note_le: `${du}T10:00:00Z`, retiree_le: null, partagee: false, revisions: [] };
  return fiche("piece", `p${personne}-${rang}`, personne, { forme, valeurs, ...suivi });
}

function dossier(_vide, rang) {
  const id = String(rang);
  const entree = ilYA(175 - (rang % 20));
  const nom = `Fictive-${rang}`;
  const suite = (combien) => Array.from({ length: combien }, (_rien, n) => n);
  return {
    personne: { type: "personne", id, version: 1, reference: null, nom, prenom: "Awa", nom_usage: null, pseudonymes: [], date_naissance: "1984-05-17", naissance_precision: "jour", historique: {} },
    mesures: [
      fiche("mesure", `m${id}`, id, {
        convention: CODES[rang % CODES.length], orientee_le: ajouterJours(entree, -5), prescripteur: null, premier_contact_le: entree, entree_le: entree,
        fin_prevue_le: null, sortie_le: null, sortie_motif: null, historique: { referent: [{ jour: entree, valeur: "u1" }], modalite: [] },
      }),
    ],
    rendez_vous: suite(20).map((n) => fiche("rendez_vous", `r${id}-${n}`, id, { debut: `${ilYA(8 * n - 6)}T0${8 + (n % 2)}:00:00Z`, duree: 45, lieu: "Mairie annexe", statut: n ? "honore" : "propose" })),
    entretiens: suite(20).map((n) => fiche("entretien", `e${id}-${n}`, id, { rendez_vous_id: null, auteur: "u1", auteur_nom: "Une Essai", date: ilYA(8 * n + 4), heure: null, duree: 45, moyen: "presentiel", lieu: null, demarches: [], synthese: "Point sur les démarches.", note_personnelle: null, revisions: [] })),
    pieces: suite(10).map((n) => piece(id, n)),
    controles: [],
    desaccords: [],
    partages: [],
    historiques: [],
  };
}

const neufs = () => Array.from({ length: DOSSIERS }, dossier);
const dossiers = neufs();
const envoi = { attente: 0, etat: "vide", texte: "", dernier: null };
const contexte = {
  aujourd_hui: JOUR, maintenant: `${JOUR}T14:00:00Z`, utilisateur,
  reference: { conventions, utilisateur, lieux: [], collegues: [], structure: { id: "s1", nom: "Essai" } },
  attente: 0, dernier_echange: null, nouvel_identifiant: () => "n", envoi,
};
const cadre = createFrame({ assets: ACTIFS, version: "mesure" });
const autour = { ...cadre({ titre: "Mesure", envoi, utilisateur }), nonce: "n" };

/** Des dossiers jamais vus à chaque relevé, ou toujours les mêmes : ce qui y est dû se retient d'un écran à l'autre. */
function mesurer(nom, faire, donnes) {
  const releves = [];
  for (let n = 0; n < ESSAIS; n += 1) {
    const lus = donnes();
    const avant = process.cpuUsage();
    faire(lus);
    const { user, system } = process.cpuUsage(avant);
    releves.push((user + system) / 1000);
  }
  const [premier] = releves;
  releves.sort((a, b) => a - b);
  const ms = (valeur) => `${valeur.toFixed(1)} ms`;
  process.stdout.write(`${nom} : à froid ${ms(premier)}, médiane ${ms(releves[ESSAIS / 2])}, au mieux ${ms(releves[0])}\n`);
}

const journee = (lus) => vues.maJournee(lus, contexte);
const liste = (lus) => vues.dossiers(lus, contexte, {});
for (const [quels, donnes] of [["neufs", neufs], ["déjà vus", () => dossiers]]) {
  mesurer(`Ma journée, modèle, dossiers ${quels}`, journee, donnes);
  mesurer(`Dossiers, modèle, dossiers ${quels}`, liste, donnes);
}
mesurer("Ma journée, page, dossiers déjà vus", (lus) => rendre("partages/pages/ma_journee.html", { ...autour, ...journee(lus) }), () => dossiers);
mesurer("Dossiers, page, dossiers déjà vus", (lus) => rendre("partages/pages/dossiers.html", { ...autour, ...liste(lus) }), () => dossiers);
process.stdout.write(`Ma journée montre ${journee(dossiers).echeances.length} échéances pour ${DOSSIERS} dossiers\n`);
