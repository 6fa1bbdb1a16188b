// Ce que le téléphone dirait de ce dossier, avec ces conventions : lu sur l'entrée, rendu sur la sortie.
import { readFileSync } from "node:fs";

import { echeances } from "../../static/js/domain/echeance/index.js";

const { dossier, conventions, maintenant } = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(echeances(dossier, conventions, maintenant)));
