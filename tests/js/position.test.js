/* La position d'une rencontre : prise d'un geste seulement, arrondie avant d'être écrite, et dite quand elle ne vient pas. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { arrondir, estPosition } from "../../static/js/domain/position.js";

test("what the phone says loses what is finer than a hundred metres", () => {
  for (const [latitude, longitude, dite] of [
    [48.693_123_4, 6.182_951, "48.693,6.183"],
    [-21.114_9, -0.000_2, "-21.115,0.000"],
    [0, 180, "0.000,180.000"],
    [48.9, 6, "48.900,6.000"],
  ]) {
    assert.equal(arrondir(latitude, longitude), dite);
    assert.ok(estPosition(dite));
  }
});
