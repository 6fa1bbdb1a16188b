// Revenir sur un geste : seulement tant qu'il attend, et que rien n'est en route.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { createWithdraw } from "../../../static/js/worker/withdraw.js";

function around({ entry = { etat: "attente" }, row = { deposee: false }, busy = false } = {}) {
  const done = [];
  const withdraw = createWithdraw({
    store: { get: async () => row, write: async (_stores, work) => work(() => ({ delete: (id) => done.push(`efface ${id}`) })) },
    etat: { operation: () => entry, dropOperation: (id) => done.push(`oublie ${id}`) },
    outbox: { inTurn: (work) => work() },
    locks: { request: async (name, { ifAvailable }, work) => work(busy && ifAvailable ? null : { name }) },
  });
  return { withdraw, done };
}

describe("revenir sur un geste", () => {
  test("ce qui attend encore s'efface, du disque puis de la mémoire", async () => {
    const { withdraw, done } = around();
    assert.equal(await withdraw("op"), true);
    assert.deepEqual(done, ["efface op", "oublie op"]);
  });

  for (const [quoi, cas] of Object.entries({
    "arrivé": { entry: null },
    "refusé": { entry: { etat: "refusee" } },
    "déposé sous pli": { row: { deposee: true } },
    "en route, un échange ayant commencé": { busy: true },
  })) {
    test(`trop tard : ${quoi}`, async () => {
      const { withdraw, done } = around(cas);
      assert.equal(await withdraw("op"), false);
      assert.deepEqual(done, []);
    });
  }
});
