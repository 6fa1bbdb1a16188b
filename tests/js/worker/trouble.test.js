/* Une panne du carnet : un écran qui dit ce qui est sûr et quoi faire, sans rien toucher ni montrer personne. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { rendre } from "#jalon/gabarits";

import { createStore } from "../../../static/js/worker/store.js";
import { PHRASE, uneCleDeScellement, unEntretien, unePersonne, unServeur, unTelephone } from "./harnais.js";

const STORES = ["dossiers", "operations", "reference", "brouillons"];
const assets = { page: "/static/page.js", style: "/static/style.css", police: "/static/p.woff2", theme: "/static/theme.js" };
const at = (path, method = "GET") => Object.assign(new Request(`https://jalon.example${path}`, { method }), {});

const read = async (response) => ({
  statut: response.status,
  type: response.headers.get("Content-Type").split(";")[0],
  texte: (await response.text()).replace(/[\u00a0\u202f\s]+/g, " "),
});

/** Un carnet avec un dossier, deux fiches en attente ; le serveur, lui, ne répond plus. */
async function unCarnet(rules = {}) {
  const server = unServeur({ sealingKey: await uneCleDeScellement() });
  const person = unePersonne({ nom: "Inventée-Unique" });
  server.put(person);
  const phone = unTelephone({ server, rules: { rendre, assets, ...rules } });
  await phone.prepare();
  await phone.note(unEntretien(person.id), unEntretien(person.id));
  return phone;
}

const rows = (phone) => phone.store.snapshot(STORES);

test("when no row can be read, a screen says so, what waits and how to start again, and nothing is touched", async (t) => {
  t.mock.method(console, "error", () => {});
  const phone = await unCarnet();
  const before = await rows(phone);
  const wrong = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const again = phone.kill();
  await again.session.open(wrong);
  const { statut, type, texte } = await read(await again.respond(at("/dossiers?q=a")));
  assert.deepEqual([statut, type], [500, "text/html"]);
  assert.match(texte, /<h1>Ce carnet ne se lit plus<\/h1>/);
  assert.match(texte, /2 fiches attendent ici : elles partent d’abord, sous pli fermé/);
  assert.match(texte, /href="\/dossiers\?q=a" hx-boost="false" hx-nonce="[^"]+">Réessayer/);
  assert.match(texte, /href="\/installer\/remplacer"/);
  assert.doesNotMatch(texte, /Inventée-Unique/);
  assert.deepEqual(await rows(phone), before);
});

test("the right phrase in front of rows that say nothing ends on the same screen", async (t) => {
  t.mock.method(console, "error", () => {});
  const phone = await unCarnet();
  await phone.store.write(STORES, (objects) => {
    for (const name of STORES) objects(name).clear();
    objects("dossiers").put({ id: "d", donnees: new Uint8Array([1, 2, 3]) });
  });
  const again = phone.kill();
  await assert.rejects(again.unlock.unlock({ phrase: PHRASE }), { name: "CarnetIllisible" });
  const { texte } = await read(await again.respond(at("/")));
  assert.match(texte, /Ce carnet ne se lit plus/);
  assert.match(texte, /Rien n’y attend/);
});

test("what waits in a notebook that no longer reads leaves under seal", async () => {
  const phone = await unCarnet();
  const wrong = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const again = phone.kill();
  await again.session.open(wrong);
  const left = await again.leaving.sendAll();
  assert.deepEqual([left.restantes, left.joint], [0, true]);
  assert.equal(phone.server.deposits.flatMap(({ body }) => body.enveloppes).length, 2);
});

for (const [name, says, never] of [
  ["UnknownError", /Ce téléphone n’ouvre plus le carnet.*N’effacez pas les données du navigateur/, /installer\/remplacer/],
  ["VersionError", /Jalon vient d’être mis à jour.*Recharger la page/, /N’effacez pas/],
]) {
  test(`a store that does not open (${name}) says what to do`, async (t) => {
    t.mock.method(console, "error", () => {});
    const store = createStore({ open: () => Promise.reject(new DOMException("Internal error opening backing store", name)) });
    const phone = unTelephone({ server: unServeur(), rules: { rendre, assets, store } });
    const { statut, texte } = await read(await phone.respond(at("/")));
    assert.equal(statut, 500);
    assert.match(texte, says);
    assert.doesNotMatch(texte, never);
  });
}

test("a page that cannot be made says so, and a sent form is not sent again by a link", async (t) => {
  t.mock.method(console, "error", () => {});
  const phone = await unCarnet();
  const { texte } = await read(await phone.respond(at("/dossiers")));
  assert.match(texte, /Cette page n’a pas pu s’afficher/);
  assert.match(texte, /href="\/dossiers" hx-boost="false" hx-nonce="[^"]+">Réessayer/);
  const sent = await read(await phone.respond(at("/personnes/nouvelle", "POST")));
  assert.match(sent.texte, /href="\/" hx-boost="false" hx-nonce="[^"]+">Réessayer/);
});

test("when even that screen cannot be made, the sentence is there", async (t) => {
  t.mock.method(console, "error", () => {});
  const phone = await unCarnet({
    rendre: () => {
      throw new TypeError("gabarit");
    },
  });
  const { statut, type, texte } = await read(await phone.respond(at("/")));
  assert.deepEqual([statut, type], [500, "text/plain"]);
  assert.match(texte, /Ce que vous avez noté est gardé/);
});
