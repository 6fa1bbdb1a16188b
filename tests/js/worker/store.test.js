import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { IDBFactory } from "fake-indexeddb";
import { openDB } from "idb";

import "./harnais.js";
import { openDatabase } from "../../../static/js/worker/database.js";
import { upgrade, VERSION } from "../../../static/js/worker/schema.js";
import { createStore } from "../../../static/js/worker/store.js";

const frozen = JSON.parse(await readFile(new URL("../../corpus/magasin_v1.json", import.meta.url)));

/** Le magasin tel qu'une première version l'a laissé sur un téléphone. */
async function unMagasinV1() {
  globalThis.indexedDB = new IDBFactory();
  const db = await openDB("jalon", frozen.version, {
    upgrade(created) {
      for (const [name, { keyPath }] of Object.entries(frozen.magasins)) {
        created.createObjectStore(name, keyPath ? { keyPath } : undefined);
      }
    },
  });
  for (const [name, { lignes }] of Object.entries(frozen.magasins)) {
    for (const { cle, valeur } of lignes) await (cle ? db.put(name, valeur, cle) : db.put(name, valeur));
  }
  db.close();
}

test("today's store opens what the first version left, outbox intact", async () => {
  await unMagasinV1();
  const store = createStore();
  const operations = await store.all("operations");
  assert.deepEqual(operations.map(({ id }) => id), frozen.magasins.operations.lignes.map(({ valeur }) => valeur.id));
  assert.equal((await store.get("meta", "coffre")).version, 1);
});

test("a migration run twice changes nothing and never touches the outbox", async () => {
  await unMagasinV1();
  const again = createStore({ version: VERSION + 1, migrate: (db) => upgrade(db, 0) });
  assert.equal((await again.all("operations")).length, frozen.magasins.operations.lignes.length);
});

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
