import assert from "node:assert/strict";
import { test } from "node:test";

import { applyRecords } from "../../../static/js/worker/dossier.js";

const controle = (id, fiche, etat) => ({ type: "controle", id, personne_id: "p", fiche_type: "entretien", fiche_id: fiche, etat });

test("a record has one control, whatever name an older server gave it", () => {
  const before = applyRecords(null, [{ type: "personne", id: "p" }, controle("calculé", "e1", "recue"), controle("e2", "e2", "recue")]);
  const after = applyRecords(before, [controle("e1", "e1", "validee")]);
  assert.deepEqual(
    after.controles.map(({ id, etat }) => [id, etat]),
    [
      ["e2", "recue"],
      ["e1", "validee"],
    ],
  );
});
