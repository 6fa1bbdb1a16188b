import assert from "node:assert/strict";
import { test } from "node:test";

import { IDBFactory } from "fake-indexeddb";
import { openDB } from "idb";

import "./harnais.js";
import { openDatabase } from "../../../static/js/worker/database.js";
import { VERSION } from "../../../static/js/worker/schema.js";
import { createStore } from "../../../static/js/worker/store.js";

test("a store asked for by a newer version closes, and reopens at the next access", async () => {
  globalThis.indexedDB = new IDBFactory();
  const store = createStore();
  await store.write(["meta"], (objects) => objects("meta").put(1, "a"));
  const newer = await openDB("jalon", VERSION + 1);
  newer.close();
  await assert.rejects(store.get("meta", "a"), { name: "VersionError" });
});

test("a connection dropped in the background is reopened", async () => {
  globalThis.indexedDB = new IDBFactory();
  const opened = [];
  const store = createStore({
    open: async (...args) => {
      opened.push(await openDatabase(...args));
      return opened.at(-1);
    },
  });
  await store.write(["meta"], (objects) => objects("meta").put("gardé", "a"));
  opened[0].close();
  assert.equal(await store.get("meta", "a"), "gardé");
  assert.equal(opened.length, 2);
});

test("a write that fails half way leaves nothing", async () => {
  globalThis.indexedDB = new IDBFactory();
  const store = createStore();
  await assert.rejects(
    store.write(["meta", "operations"], (objects) => {
      objects("meta").put(1, "a");
      throw new Error("arrêt");
    }),
    /arrêt/,
  );
  assert.equal(await store.get("meta", "a"), undefined);
});
