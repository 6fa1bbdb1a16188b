/* La liaison de la page et du travailleur. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as unTour } from "node:timers/promises";

import { createLink } from "../../static/js/page/liaison.js";

/** Les travailleurs d'une page : celui qui la tient change, comme dans un navigateur. */
function unConteneur(worker) {
  const container = Object.assign(new EventTarget(), {
    controller: worker,
    ready: Promise.resolve({ active: worker }),
    startMessages() {},
    takeOver(next) {
      container.controller = next;
      container.dispatchEvent(new Event("controllerchange"));
    },
  });
  return container;
}

/** Il reçoit, et ne répondra jamais : on le remplace. */
function unMourant() {
  const worker = { asked: 0, postMessage: (_message, [port]) => ((worker.asked += 1), port.close()) };
  return worker;
}
const quiRepond = (answer) => ({ postMessage: (_message, [port]) => port.postMessage(answer) });

test("a worker replaced while it was being asked: the one that took over is asked again", async () => {
  const dying = unMourant();
  const container = unConteneur(dying);
  const state = createLink(container).state();
  await unTour();
  container.takeOver(quiRepond({ coffre: "absent", session: null }));
  assert.deepEqual(await state, { coffre: "absent" });
  assert.equal(dying.asked, 1);
});

test("once answered, a change of worker asks nothing more", async () => {
  const container = unConteneur(quiRepond({ coffre: "ouvert" }));
  assert.deepEqual(await createLink(container).state(), { coffre: "ouvert" });
  const next = unMourant();
  container.takeOver(next);
  await unTour();
  assert.equal(next.asked, 0);
});
