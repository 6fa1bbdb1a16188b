/* L'écran d'une maraude ne s'éteint pas : tenu, lâché, redemandé. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { createWatch } from "../../static/js/page/veille.js";

function unePage({ refused = false } = {}) {
  const root = new EventTarget();
  const page = { marked: true, held: 0, asked: 0, sentinels: [] };
  Object.assign(root, { visibilityState: "visible", querySelector: () => (page.marked ? {} : null) });
  const lock = {
    async request(type) {
      assert.equal(type, "screen");
      page.asked += 1;
      if (refused) throw new DOMException("économie d’énergie", "NotAllowedError");
      const sentinel = new EventTarget();
      sentinel.release = async () => {
        page.held -= 1;
        sentinel.dispatchEvent(new Event("release"));
      };
      page.held += 1;
      page.sentinels.push(sentinel);
      return sentinel;
    },
  };
  return { page, root, watch: createWatch({ root, lock }) };
}

test("it is asked once, given back after the round, and asked again when the application comes back", async () => {
  const { page, root, watch } = unePage();
  await watch.start();
  await watch.refresh();
  assert.deepEqual([page.held, page.asked], [1, 1]);

  // Masquée : le navigateur l'a lâché de lui-même.
  root.visibilityState = "hidden";
  await page.sentinels[0].release();
  root.dispatchEvent(new Event("visibilitychange"));
  assert.deepEqual([page.held, page.asked], [0, 1]);
  root.visibilityState = "visible";
  await watch.refresh();
  assert.deepEqual([page.held, page.asked], [1, 2]);

  page.marked = false;
  await watch.refresh();
  assert.deepEqual([page.held, page.asked], [0, 2]);
});

test("a round that ended while it was asked for does not keep the screen on", async () => {
  const { page, watch } = unePage();
  const asking = watch.start();
  page.marked = false;
  await asking;
  assert.equal(page.held, 0);
});

test("refused, or unknown to the browser, nothing fails", async () => {
  const { page, watch } = unePage({ refused: true });
  await watch.start();
  assert.deepEqual([page.held, page.asked], [0, 1]);
  await createWatch({ root: new EventTarget(), lock: null }).start();
});
