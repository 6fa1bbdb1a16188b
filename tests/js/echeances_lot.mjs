// Les échéances d'un lot de dossiers tirés par Python (tests/domain/test_echeances_tirees.py) : un JSON entre, un JSON sort.
import { readFileSync, writeFileSync } from "node:fs";

import { echeances } from "../../static/js/domain/echeance/index.js";

const { conventions, cas } = JSON.parse(readFileSync(0, "utf8"));
const obtenues = cas.map(([dossier, maintenant]) => echeances(dossier, conventions, maintenant));
writeFileSync(1, JSON.stringify(obtenues));
