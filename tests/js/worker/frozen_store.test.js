/* Les magasins qu'une version passée a laissés sur des téléphones : celle d'aujourd'hui les ouvre, entiers ou abîmés. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { IDBFactory } from "fake-indexeddb";
import { openDB } from "idb";

import { unServeur, unTelephone } from "./harnais.js";
import { upgrade, VERSION } from "../../../static/js/worker/schema.js";
import { createStore } from "../../../static/js/worker/store.js";

const CORPUS = new URL("../../corpus/", import.meta.url);
const asBytes = (_key, value) => (typeof value?.octets === "string" ? new Uint8Array(Buffer.from(value.octets, "base64")) : value);
const FROZEN = readdirSync(CORPUS)
  .filter((name) => /^magasin_v\d+\.json$/.test(name))
  .map((name) => JSON.parse(readFileSync(new URL(name, CORPUS)), asBytes));
const [V2] = FROZEN.filter(({ version }) => version === 2);

/** Ce magasin, sur un disque neuf ; `change` abîme une ligne au passage. */
async function onDisk(frozen, change = (_name, valeur) => valeur) {
  const disk = new IDBFactory();
  globalThis.indexedDB = disk;
  const db = await openDB("jalon", frozen.version, {
    upgrade(created) {
      for (const [name, { keyPath }] of Object.entries(frozen.magasins)) created.createObjectStore(name, keyPath ? { keyPath } : undefined);
    },
  });
  for (const [name, { lignes }] of Object.entries(frozen.magasins)) {
    for (const { cle, valeur } of lignes) await (cle ? db.put(name, change(name, valeur), cle) : db.put(name, change(name, valeur)));
  }
  db.close();
  return disk;
}

const rowsOf = ({ magasins }, name) => (magasins[name]?.lignes ?? []).map(({ valeur }) => valeur);

async function contents(store, frozen) {
  const names = Object.keys(frozen.magasins);
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await store.all(name)])));
}

const asWritten = (frozen) => Object.fromEntries(Object.keys(frozen.magasins).map((name) => [name, rowsOf(frozen, name)]));
const sorted = (stores) => Object.fromEntries(Object.entries(stores).map(([name, rows]) => [name, rows.map((row) => JSON.stringify(row)).sort()]));

/** Comme `openDB`, mais le téléphone s'éteint au milieu de l'étape : ce qu'elle avait fait est défait. */
const cutOpen = (name, version, { upgrade: migrate }) =>
  new Promise((_resolve, reject) => {
    const request = globalThis.indexedDB.open(name, version);
    request.onupgradeneeded = ({ oldVersion }) => {
      migrate(request.result, oldVersion);
      request.transaction.abort();
    };
    request.onerror = () => reject(request.error);
  });

/** Ce qu'une ligne abîmée peut être, magasin par magasin. */
const DAMAGES = {
  illisible: (row) => ({ ...row, donnees: new Uint8Array([0, 1, 2]) }),
  "d’une autre forme": (row) => ({ ...row, donnees: { pas: "des octets" } }),
  "sans son contenu": ({ donnees: _donnees, ...row }) => row,
};

test("the store of today is frozen, so that the next one must open it", () => {
  assert.deepEqual(FROZEN.map(({ version }) => version).sort(), Array.from({ length: VERSION }, (_, index) => index + 1));
});

for (const frozen of FROZEN) {
  const named = `the store of version ${frozen.version}`;

  test(`${named} opens today with every row as it was`, async () => {
    await onDisk(frozen);
    const store = createStore();
    assert.deepEqual(sorted(await contents(store, frozen)), sorted(asWritten(frozen)));
    await store.close();
  });

  test(`${named}: every step run again changes nothing`, async () => {
    await onDisk(frozen);
    const first = createStore();
    await first.all("operations");
    await first.close();
    const again = createStore({ version: VERSION + 1, migrate: (db) => upgrade(db, 0) });
    assert.deepEqual(sorted(await contents(again, frozen)), sorted(asWritten(frozen)));
    await again.close();
  });

  test(`${named}: a migration cut in the middle leaves it as it was, and the next opening completes it`, async () => {
    await onDisk(frozen);
    const past = Array.from({ length: VERSION }, () => () => {});
    const steps = [...past, (db) => db.createObjectStore("neuf", { keyPath: "id" })];
    const next = { version: steps.length, migrate: (db, from) => upgrade(db, from, steps) };
    await assert.rejects(createStore({ ...next, open: cutOpen }).all("operations"), { name: "AbortError" });
    const before = await openDB("jalon");
    assert.equal(before.version, frozen.version, "rien n’a changé");
    assert.ok(!before.objectStoreNames.contains("neuf"));
    before.close();
    const complete = createStore(next);
    assert.deepEqual(sorted(await contents(complete, frozen)), sorted(asWritten(frozen)));
    assert.deepEqual(await complete.all("neuf"), []);
    await complete.close();
  });

  for (const [kind, change] of Object.entries(DAMAGES)) {
    for (const damaged of Object.keys(frozen.magasins).filter((name) => name !== "meta")) {
      test(`${named}, a row of « ${damaged} » ${kind}: the migration neither stops on it nor touches the outbox`, async () => {
        await onDisk(frozen, (name, valeur) => (name === damaged ? change(valeur) : valeur));
        const store = createStore();
        const expected = rowsOf(frozen, "operations").map((row) => (damaged === "operations" ? change(row) : row));
        assert.deepEqual(sorted({ operations: await store.all("operations") }), sorted({ operations: expected }));
        await store.close();
      });
    }
  }
}

const idsSent = (server) => server.requests.flatMap(({ operations }) => operations.map(({ id }) => id));
const idsDeposited = (server) => server.deposits.flatMap(({ body }) => body.enveloppes.map(({ id }) => id));

async function opened(disk) {
  const server = unServeur();
  const phone = unTelephone({ server, disk });
  assert.equal((await phone.unlock.unlock({ phrase: V2.clair.phrase })).etat, "ouvert");
  return { phone, server };
}

test("version 2 with its passphrase: dossiers, outbox, draft and kept envelopes are all there", async () => {
  const { phone } = await opened(await onDisk(V2));
  for (const [id, dossier] of Object.entries(V2.clair.dossiers)) {
    const copy = phone.etat.copy(id);
    for (const [name, value] of Object.entries(dossier)) assert.deepEqual(copy[name], value, name);
  }
  assert.deepEqual(phone.etat.operations().map(({ op, etat, erreurs }) => ({ op, etat, erreurs })), V2.clair.operations);
  const { cle } = await phone.session.current();
  const draft = await phone.drafts.read(cle, phone.etat.structure, V2.clair.brouillon.cle);
  assert.deepEqual(draft.champs, V2.clair.brouillon.champs);
  assert.deepEqual((await phone.store.all("gardees")).map(({ id }) => id), V2.clair.gardees);
  assert.equal(phone.flash.take(), null, "rien d’abîmé");
});

test("version 2: what waits leaves as it was noted, in its order, and what only has its envelope leaves sealed", async () => {
  const { phone, server } = await opened(await onDisk(V2));
  await phone.courier.send("main");
  const waiting = V2.clair.operations.filter(({ etat }) => etat !== "refusee").map(({ op }) => op);
  assert.deepEqual(idsSent(server), waiting.map(({ id }) => id));
  assert.deepEqual(server.applied, waiting);
  assert.ok(V2.clair.sans_cle.every((id) => idsDeposited(server).includes(id)));
  const { attente, refusees } = await phone.courier.state();
  assert.deepEqual({ attente, refusees }, { attente: 0, refusees: 1 });
});

test("version 2 in front of a restored server: the envelopes it kept are given back", async () => {
  const { phone, server } = await opened(await onDisk(V2));
  server.epoch = 7;
  await phone.courier.send("main");
  assert.ok(V2.clair.gardees.every((id) => idsDeposited(server).includes(id)));
});

for (const [kind, change] of Object.entries(DAMAGES)) {
  for (const damaged of Object.keys(V2.magasins).filter((name) => name !== "meta")) {
    test(`version 2 with every row of « ${damaged} » ${kind}: it opens, says so, and what waits still leaves`, async (t) => {
      const complaints = t.mock.method(console, "error", () => {});
      const disk = await onDisk(V2, (name, valeur) => (name === damaged ? change(valeur) : valeur));
      const { phone, server } = await opened(disk);
      // Un pli gardé n'est pas chiffré pour le téléphone : ces dégâts-là ne le touchent pas.
      const said = damaged !== "gardees";
      assert.equal(complaints.mock.callCount() > 0, said);
      assert.equal(phone.flash.take() !== null, said);
      await phone.courier.send("main");
      await phone.courier.send("main");
      const gone = new Set([...server.applied.map(({ id }) => id), ...idsDeposited(server)]);
      const waiting = rowsOf(V2, "operations").filter(({ etat, deposee }) => etat !== "refusee" && !deposee);
      for (const { id } of waiting) assert.ok(gone.has(id), `n’est pas partie : ${id}`);
      const { attente } = await phone.courier.state();
      assert.equal(attente, 0);
    });
  }
}
