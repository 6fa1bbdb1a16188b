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

/** Un magasin qui compte ses lectures d'IndexedDB. */
function unMagasinCompte() {
  globalThis.indexedDB = new IDBFactory();
  const counted = { reads: 0 };
  const open = async (...args) => {
    const db = await openDatabase(...args);
    const transaction = db.transaction.bind(db);
    db.transaction = (stores, mode, options) => {
      if (mode !== "readwrite") counted.reads += 1;
      return transaction(stores, mode, options);
    };
    return db;
  };
  return { store: createStore({ open }), counted };
}

test("a write makes forget what it changed, and only that", async () => {
  const { store, counted } = unMagasinCompte();
  await store.write(["meta"], (objects) => ["coffre", "curseur"].map((key) => objects("meta").put(`${key} 1`, key)));
  await Promise.all([store.get("meta", "coffre"), store.get("meta", "curseur")]);
  counted.reads = 0;
  await store.write(["meta"], (objects) => objects("meta").put("curseur 2", "curseur"));
  assert.equal(await store.get("meta", "coffre"), "coffre 1");
  assert.equal(counted.reads, 0);
  assert.equal(await store.get("meta", "curseur"), "curseur 2");
  await store.write(["meta"], (objects) => objects("meta").delete("curseur"));
  assert.equal(await store.get("meta", "curseur"), undefined);
});

test("what is read while a write is under way is what it leaves", async () => {
  const { store } = unMagasinCompte();
  await store.write(["meta"], (objects) => objects("meta").put(1, "epoque"));
  await store.get("meta", "epoque");
  const writing = store.write(["meta"], (objects) => objects("meta").put(2, "epoque"));
  await Promise.resolve();
  await Promise.resolve();
  assert.equal(await store.get("meta", "epoque"), 2);
  await writing;
});

test("a cleared store leaves nothing in memory", async () => {
  const { store } = unMagasinCompte();
  await store.write(["meta"], (objects) => objects("meta").put("gardé", "coffre"));
  await store.get("meta", "coffre");
  await store.write(["meta"], (objects) => objects("meta").clear());
  assert.equal(await store.get("meta", "coffre"), undefined);
});
