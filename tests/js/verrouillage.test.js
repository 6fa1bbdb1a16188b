/* Une annonce de fermeture qui arrive en retard ne recharge pas l'écran où la phrase est en train de se taper. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as unTour } from "node:timers/promises";

import { ANNONCE } from "../../static/js/messages.js";
import { createLocking } from "../../static/js/page/verrouillage.js";

globalThis.addEventListener ??= () => {};

/** Une page : ce qu'elle montre, où elle mène, si elle est couverte. */
function unePage({ shown = null, pathname = "/dossiers", coffre = "verrouille" } = {}) {
  const listeners = new Map();
  const page = { covered: false, went: [], visibilityState: "visible", cookie: "" };
  const root = {
    get visibilityState() {
      return page.visibilityState;
    },
    set cookie(value) {
      page.cookie = value;
    },
    querySelector: (selector) => (selector === shown ? {} : null),
    addEventListener: (type, listener) => listeners.set(type, listener),
    documentElement: {
      setAttribute: () => {
        page.covered = true;
      },
      removeAttribute: () => {
        page.covered = false;
      },
    },
  };
  const announced = new Map();
  const link = { listen: (type, listener) => announced.set(type, listener), ask: async () => ({}), state: async () => ({ coffre, grace_ms: 0 }) };
  const drafts = { flush: async () => {} };
  createLocking({ link, dialog: {}, drafts, root, place: { pathname, search: "", replace: (url) => page.went.push(url) } }).start();
  return {
    page,
    announce: (type) => announced.get(type)(),
    async look(visibilityState) {
      page.visibilityState = visibilityState;
      listeners.get("visibilitychange")();
      await unTour();
    },
  };
}

test("a screen that shows something is covered, and gives way to the lock", () => {
  const { page, announce } = unePage();
  announce(ANNONCE.VERROU);
  assert.deepEqual(page.went, ["/verrou?suite=%2Fdossiers"]);
  assert.equal(page.covered, true);
});

test("the lock shown in place of a screen is not loaded again under the fingers", () => {
  const { page, announce } = unePage({ shown: "form[data-verrou]" });
  announce(ANNONCE.VERROU);
  assert.deepEqual(page.went, []);
  assert.equal(page.covered, false);
  assert.match(page.cookie, /Max-Age=0/, "la preuve d'ouverture s'en va quand même");
});

test("coming back to the lock finds it uncovered", async () => {
  const { page, look } = unePage({ shown: "form[data-verrou]" });
  await look("hidden");
  assert.equal(page.covered, true);
  await look("visible");
  assert.deepEqual([page.covered, page.went], [false, []]);
});
