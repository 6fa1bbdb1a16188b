import assert from "node:assert/strict";
import { test } from "node:test";

import { PHRASE, reponses, unEntretien, unServeur, unTelephone, unTelephonePrepare } from "./harnais.js";

const NEUVE = "sept lanternes sous le préau de pierre";
const QUICK = 1000;
const OTHER_DEVICE = "0190c0de-0000-7000-8000-00000000a002";

async function uneCle() {
  const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  return { id: "cle-1", publique: await crypto.subtle.exportKey("jwk", pair.publicKey) };
}

test("a changed passphrase opens the notebook, the old one no longer does, and nothing was lost", async () => {
  const { phone, person } = await unTelephonePrepare();
  const before = (await phone.store.get("meta", "coffre")).enveloppes.phrase;
  assert.equal((await phone.unlock.changePhrase({ phrase: PHRASE, wanted: NEUVE, iterations: QUICK })).etat, "ouvert");
  const written = (await phone.store.get("meta", "coffre")).enveloppes.phrase;
  assert.notDeepEqual([...written.cle], [...before.cle]);
  const again = phone.kill();
  assert.equal((await again.unlock.unlock({ phrase: PHRASE })).etat, "verrouille");
  assert.equal((await again.unlock.unlock({ phrase: NEUVE })).etat, "ouvert");
  assert.equal(again.etat.dossier(person.id).personne.nom, "Exemple");
});

test("changing the passphrase asks for the current one, and a guess counts as a wrong try", async () => {
  const { phone } = await unTelephonePrepare();
  const refused = await phone.unlock.changePhrase({ phrase: "devinée", wanted: NEUVE, iterations: QUICK });
  assert.equal(refused.etat, "verrouille");
  assert.equal((await phone.store.get("meta", "tentatives")).n, 1);
  await phone.session.lock();
  assert.equal((await phone.unlock.unlock({ phrase: PHRASE })).etat, "ouvert");
});

test("forgotten passphrase: what waits leaves sealed, the old notebook holds until the new one is written", async () => {
  const { phone, server, person } = await unTelephonePrepare({ sealingKey: await uneCle() });
  server.faults = ["coupure"];
  await phone.note(unEntretien(person.id, { synthese: "À ne pas perdre" }));
  await phone.courier.send("saisie");
  await phone.session.lock();
  const again = phone.kill();

  assert.deepEqual(await again.leaving.sendAll(), { restantes: 0, sans_pli: 0, refusees: 0, joint: true });
  assert.equal(server.deposits.length, 1);

  server.faults = ["coupure"];
  await assert.rejects(again.prepare({ phrase: NEUVE, remplacer: true }), /n’a pas répondu/);
  assert.equal((await again.unlock.unlock({ phrase: PHRASE })).etat, "ouvert", "l'ancien carnet est intact");
  await again.session.lock();

  await again.prepare({ phrase: NEUVE, remplacer: true });
  assert.equal(again.etat.dossier(person.id).personne.nom, "Exemple");
  assert.equal((await again.courier.state()).attente, 0);
  const last = again.kill();
  assert.equal((await last.unlock.unlock({ phrase: PHRASE })).etat, "verrouille");
  last.clock.ms += 10_000;
  assert.equal((await last.unlock.unlock({ phrase: NEUVE })).etat, "ouvert");
});

test("replaced without network, the colleague's sealed contacts stay and leave later under her device", async () => {
  const { phone, server, person } = await unTelephonePrepare({ sealingKey: await uneCle() });
  const [op] = await phone.note(unEntretien(person.id));
  await phone.session.lock();
  server.faults = ["coupure", "coupure"];
  assert.deepEqual(await phone.leaving.sendAll(), { restantes: 1, sans_pli: 0, refusees: 0, joint: false });

  const appareil = { id: OTHER_DEVICE, nom: "Téléphone de Noor", depot: "autre-secret" };
  await phone.prepare({ appareil, phrase: NEUVE, remplacer: true });
  const [row] = await phone.store.all("operations");
  assert.deepEqual([row.id, row.donnees, row.resultat], [op.id, undefined, undefined], "il n'en reste que le pli");
  await phone.session.lock();
  await phone.courier.send("main");
  assert.match(server.deposits[0].authorization, /a001\.secret-de-depot$/, "remis au nom de l'appareil d'avant");
  assert.deepEqual(await phone.store.all("operations"), []);
});

test("a contact already deposited is not counted for ever once its key is gone", async () => {
  const { phone, server, person } = await unTelephonePrepare({ sealingKey: await uneCle() });
  const [, refused] = await phone.note(unEntretien(person.id), unEntretien(person.id));
  await phone.session.lock();
  server.depositStatus.set(refused.id, "refused");
  await phone.courier.send("main");
  await phone.prepare({ phrase: NEUVE, remplacer: true });
  const state = await phone.courier.state();
  assert.deepEqual([state.attente, state.refusees], [0, 1]);
});

test("erasing a notebook sends everything first, then leaves nothing but the mark that it was wanted", async () => {
  const { phone, server, person } = await unTelephonePrepare({ sealingKey: await uneCle() });
  await phone.note(unEntretien(person.id, { synthese: "Avant de rendre le téléphone" }));
  const erased = await phone.leaving.erase({ confirme: false });
  assert.equal(erased.etat, "efface");
  assert.equal(server.applied.length, 1);
  for (const name of ["dossiers", "operations", "brouillons", "reference"]) assert.deepEqual(await phone.store.all(name), [], name);
  assert.equal(await phone.store.get("meta", "coffre"), undefined);
  assert.equal(await phone.store.get("meta", "depots"), undefined);
  assert.equal(await phone.store.get("meta", "efface"), true);
  assert.equal(await phone.restart().session.state(), "verrouille", "aucune page ne rend la clé");
});

test("erasing with something left says how many, and erases only when told to again", async () => {
  const { phone, server, person } = await unTelephonePrepare({ sealingKey: await uneCle() });
  const [refused] = await phone.note(unEntretien(person.id), unEntretien(person.id));
  server.refused.set(refused.id, { date: ["Trop tard."] });
  await phone.courier.send("main");
  await phone.note(unEntretien(person.id));
  server.faults = ["coupure", "coupure"];
  const asked = await phone.leaving.erase({ confirme: false });
  assert.deepEqual(asked, { etat: "restent", restantes: 1, sans_pli: 0, refusees: 1, joint: false });
  assert.ok(await phone.store.get("meta", "coffre"));
  server.faults = ["coupure", "coupure"];
  assert.equal((await phone.leaving.erase({ confirme: true })).etat, "efface");
});

test("a phone whose browser erased everything is prepared again like a new one", async () => {
  const server = unServeur();
  const phone = unTelephone({ server });
  await phone.prepare();
  await phone.store.close();
  await new Promise((resolve) => {
    indexedDB.deleteDatabase("jalon").onsuccess = resolve;
  });
  assert.deepEqual(await phone.courier.send("chargement"), { resultat: "absent" });
  const again = phone.kill();
  await again.prepare({ phrase: NEUVE });
  assert.equal((await again.courier.state()).attente, 0);
  server.faults = [reponses.session];
  assert.equal((await again.courier.send("main")).resultat, "session");
});
