import assert from "node:assert/strict";
import { test } from "node:test";

import { envoi } from "../../../static/js/viewmodels/envoi.js";
import { PHRASE, unEntretien, unId, unTelephonePrepare } from "./harnais.js";

const rules = { vues: { envoi, dossiers: () => ({ lignes: [] }) } };
const REASON = { general: ["Cette personne n’est plus dans votre file active."] };
const ORIGIN = "https://jalon.example";

function page(path) {
  const request = new Request(ORIGIN + path);
  Object.defineProperty(request, "mode", { value: "navigate" });
  return request;
}
const post = (path) => new Request(ORIGIN + path, { method: "POST", body: new URLSearchParams() });
const shown = async (phone) => JSON.parse(await (await phone.respond(page("/envoi"))).text()).contexte;

async function unRefus(options = {}) {
  const ready = await unTelephonePrepare({ rules, ...options });
  const draft = unEntretien(ready.person.id, { moyen: "telephone", date: "2026-11-25" });
  ready.server.refused.set(draft.id, REASON);
  await ready.phone.note(draft);
  return { ...ready, draft };
}

test("a refused operation can be given up, on disk as on screen", async () => {
  const { phone, draft } = await unRefus();
  await phone.courier.send("main");
  const [refused] = (await shown(phone)).refusees;
  assert.equal(refused.url_renoncer, `/envoi/${draft.id}/renoncer`);
  const answer = await phone.respond(post(refused.url_renoncer));
  assert.deepEqual([answer.status, answer.headers.get("Location")], [303, `${ORIGIN}/envoi`]);
  assert.equal(phone.pages.shared.messages.at(-1).envoi.refusees, 0);
  const after = await shown(phone);
  assert.deepEqual(after.refusees, []);
  assert.equal(after.message.annuler.url, `/envoi/${draft.id}/reprendre`);
  const again = phone.kill();
  await again.unlock.unlock({ phrase: PHRASE });
  assert.deepEqual(again.etat.operations(), []);
});

test("giving up can be undone: the refusal is back with its content and its reason", async () => {
  const { phone, draft, person } = await unRefus();
  await phone.courier.send("main");
  await phone.respond(post(`/envoi/${draft.id}/renoncer`));
  assert.equal((await phone.respond(post(`/envoi/${draft.id}/reprendre`))).status, 303);
  const again = phone.kill();
  for (const each of [phone, again]) {
    if (each === again) await again.unlock.unlock({ phrase: PHRASE });
    assert.deepEqual(each.etat.operation(draft.id).erreurs, REASON);
    assert.equal(each.etat.record(person.id, draft.entite).envoi, "refusee");
  }
});

test("only what was refused can be given up", async () => {
  const { phone, draft } = await unRefus();
  await phone.respond(post(`/envoi/${draft.id}/renoncer`));
  assert.equal(phone.etat.operation(draft.id).etat, "attente");
  assert.equal((await phone.store.all("operations")).length, 1);
});

test("a refused operation does not keep a file that is no longer mine, and stays readable", async () => {
  const { phone, server, person, draft } = await unRefus();
  server.records.delete(person.id);
  server.removals = [person.id];
  await phone.courier.send("main");
  assert.deepEqual(await phone.store.all("dossiers"), []);
  const [refused] = (await shown(phone)).refusees;
  assert.deepEqual([refused.op_id, refused.texte, refused.url_corriger], [draft.id, draft.champs.synthese, null]);
});

test("a file kept for an operation refused long ago leaves at the next exchange", async () => {
  const { phone, server, person } = await unRefus();
  await phone.courier.send("main");
  await phone.store.write(["meta"], (objects) => objects("meta").put([person.id], "retraits"));
  server.records.delete(person.id);
  await phone.courier.send("main");
  assert.deepEqual(await phone.store.all("dossiers"), []);
});

test("giving up a refused creation gives up what depends on it, and takes it all back together", async () => {
  const ready = await unTelephonePrepare({ rules });
  const { phone, server } = ready;
  const refused = { id: unId(), genre: "creer_personne", entite: unId(), champs: { nom: "Fictif", prenom: "Noé" } };
  refused.personne = refused.entite;
  const depends = unEntretien(refused.entite, { moyen: "telephone", date: "2026-11-25" });
  server.refused.set(refused.id, { nom: ["Un nom."] });
  server.held.add(depends.id);
  await phone.note(refused, depends);
  await phone.courier.send("main");
  const [offer] = (await shown(phone)).refusees;
  assert.deepEqual(offer.dependantes.map(({ op_id }) => op_id), [depends.id]);
  await phone.respond(post(offer.url_renoncer));
  assert.deepEqual(phone.etat.operations(), []);
  assert.deepEqual(await phone.store.all("operations"), []);
  await phone.respond(post(`/envoi/${refused.id}/reprendre`));
  const again = phone.kill();
  await again.unlock.unlock({ phrase: PHRASE });
  for (const each of [phone, again]) {
    assert.deepEqual(each.etat.operations().map(({ op, etat }) => [op.id, etat]), [[refused.id, "refusee"], [depends.id, "retenue"]]);
  }
});
