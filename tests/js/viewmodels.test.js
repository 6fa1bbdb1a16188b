// Les modèles de vue, sur les cas que Python joue aussi (tests/viewmodels/test_vues.py).
import { describe, test } from "node:test";

import * as action from "../../static/js/viewmodels/action.js";
import * as action_formulaire from "../../static/js/viewmodels/action_formulaire.js";
import * as annotation from "../../static/js/viewmodels/annotation.js";
import * as annuaire from "../../static/js/viewmodels/annuaire.js";
import * as comite from "../../static/js/viewmodels/comite.js";
import * as connu from "../../static/js/viewmodels/connu.js";
import * as deplacement from "../../static/js/viewmodels/deplacement.js";
import * as dossier from "../../static/js/viewmodels/dossier.js";
import * as dossiers from "../../static/js/viewmodels/dossiers.js";
import * as entretien from "../../static/js/viewmodels/entretien.js";
import * as envoi from "../../static/js/viewmodels/envoi.js";
import * as ma_journee from "../../static/js/viewmodels/ma_journee.js";
import * as maraude from "../../static/js/viewmodels/maraude.js";
import * as maraude_formulaire from "../../static/js/viewmodels/maraude_formulaire.js";
import * as mesure from "../../static/js/viewmodels/mesure.js";
import * as messages from "../../static/js/viewmodels/messages.js";
import * as notes from "../../static/js/viewmodels/notes.js";
import * as papier from "../../static/js/viewmodels/papier.js";
import * as partage from "../../static/js/viewmodels/partage.js";
import * as personne from "../../static/js/viewmodels/personne.js";
import * as piece from "../../static/js/viewmodels/piece.js";
import * as piece_formulaire from "../../static/js/viewmodels/piece_formulaire.js";
import * as rattachement from "../../static/js/viewmodels/rattachement.js";
import * as rendez_vous from "../../static/js/viewmodels/rendez_vous.js";
import * as sortie from "../../static/js/viewmodels/sortie.js";
import * as tournee from "../../static/js/viewmodels/tournee.js";
import { charger, fichiersDe, jouer } from "./corpus.js";

const MODULES = { action, action_formulaire, annotation, annuaire, comite, connu, deplacement, dossier, dossiers, entretien, envoi, ma_journee, maraude, maraude_formulaire, mesure, messages, notes, papier, partage, personne, piece, piece_formulaire, rattachement, rendez_vous, sortie, tournee };

describe("modèles de vue", () => {
  for (const cas of fichiersDe("vues/").flatMap(charger)) test(cas.nom, () => jouer(cas, MODULES));
});
