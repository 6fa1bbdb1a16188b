/* Ce qu'un brouillon laissé là ne garde pas. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { unTelephonePrepare } from "./harnais.js";

const DAY = 86_400_000;
const CLE = "rencontre:cahier:maraude:compter";
const OU = ["ou", "Quai 3"];
const POSITION = ["position", "48.693,6.183"];

test("a position left in a draft goes after eight days, and what was typed with it stays", async () => {
  const { phone } = await unTelephonePrepare();
  const { cle } = await phone.session.current();
  await phone.drafts.save(cle, phone.etat.structure, CLE, [OU, POSITION]);

  async function after(days) {
    phone.clock.ms += days * DAY;
    await phone.courier.send("en_ligne");
    const again = phone.restart();
    await again.ready();
    await again.outbox.inTurn(() => {});
    return (await again.drafts.read(cle, again.etat.structure, CLE)).champs;
  }

  assert.deepEqual(await after(8), [OU, POSITION]);
  assert.deepEqual(await after(1), [OU]);
});
