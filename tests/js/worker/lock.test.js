import assert from "node:assert/strict";
import { test } from "node:test";

import { PHRASE, reponses, unEntretien, unId, unServeur, unTelephone, unTelephonePrepare } from "./harnais.js";

const MINUTE = 60_000;
const CODE = "4807";
const withCode = { choices: { code: CODE } };

test("hiding the last page covers; the code re-opens within the grace period", async () => {
  const { phone } = await unTelephonePrepare(withCode);
  phone.pages.shared.visible = false;
  assert.equal(await phone.session.cover(), "couvert");
  phone.clock.ms += 4 * MINUTE;
  assert.equal(await phone.session.state(), "couvert");
  assert.equal((await phone.unlock.unlock({ code: CODE })).etat, "ouvert");
});

test("another visible page keeps the session open", async () => {
  const { phone } = await unTelephonePrepare(withCode);
  assert.equal(await phone.session.cover(), "ouvert");
});

test("past the grace period the key and the decrypted records are dropped, everywhere", async () => {
  const { phone } = await unTelephonePrepare(withCode);
  phone.pages.shared.visible = false;
  await phone.session.cover();
  phone.clock.ms += 6 * MINUTE;
  assert.equal(await phone.session.state(), "verrouille");
  assert.equal(phone.etat.loaded, false);
  assert.equal(phone.pages.shared.session, null);
  assert.equal(phone.pages.shared.messages.at(-1).type, "verrou");
  assert.equal((await phone.unlock.unlock({ code: CODE })).etat, "verrouille");
});

test("five wrong codes lock, even when the worker is stopped between tries", async () => {
  const { phone } = await unTelephonePrepare(withCode);
  phone.pages.shared.visible = false;
  await phone.session.cover();
  for (const left of [4, 3]) {
    assert.deepEqual(await phone.unlock.unlock({ code: "0000" }), {
      etat: "couvert",
      essais_restants: left,
      erreur_texte: "Ce n’est pas le bon code.",
    });
  }
  const again = phone.restart();
  for (const left of [2, 1]) assert.equal((await again.unlock.unlock({ code: "0000" })).essais_restants, left);
  assert.equal((await again.unlock.unlock({ code: "0000" })).etat, "verrouille");
  assert.equal((await again.unlock.unlock({ code: CODE })).etat, "verrouille");
  assert.equal((await again.unlock.unlock({ phrase: PHRASE })).etat, "ouvert");
});

test("a worker stopped at rest gets its key back from the pages", async () => {
  const { phone, person } = await unTelephonePrepare();
  const again = phone.restart();
  assert.equal(await again.load(), true);
  assert.equal(again.etat.dossier(person.id).personne.nom, "Exemple");
});

test("a page frozen during a lock cannot hand back its stale key", async () => {
  const { phone } = await unTelephonePrepare();
  const stale = { ...phone.pages.shared.session };
  await phone.session.lock();
  phone.pages.shared.session = stale;
  const again = phone.restart();
  assert.equal(await again.session.state(), "verrouille");
});

test("when the browser is killed the vault is closed", async () => {
  const { phone } = await unTelephonePrepare();
  assert.equal(await phone.kill().session.state(), "verrouille");
});

test("wrong passphrases wait longer and longer, across restarts", async () => {
  const { phone } = await unTelephonePrepare();
  await phone.session.lock();
  for (let n = 0; n < 3; n += 1) await phone.unlock.unlock({ phrase: "fausse" });
  const again = phone.kill();
  assert.equal((await again.unlock.outlook()).attendre_secondes, 5);
  const refused = await again.unlock.unlock({ phrase: PHRASE });
  assert.deepEqual([refused.etat, refused.attendre_secondes], ["verrouille", 5], "même la bonne phrase attend");
  phone.clock.ms += 6000;
  assert.equal((await again.unlock.unlock({ phrase: PHRASE })).etat, "ouvert");
  assert.equal((await again.unlock.outlook()).essais_restants, null);
});

test("too many wrong passphrases destroy the key; the sealed contact still leaves", async () => {
  const { phone, server, person } = await unTelephonePrepare({ sealingKey: await uneCle() });
  await phone.note(unEntretien(person.id, { synthese: "À ne pas perdre" }));
  await phone.session.lock();
  let last;
  for (let n = 0; n < 10; n += 1) {
    phone.clock.ms += 3_700_000;
    last = await phone.unlock.unlock({ phrase: "fausse" });
  }
  assert.equal(last.etat, "detruit");
  assert.equal((await phone.unlock.unlock({ phrase: PHRASE })).etat, "detruit");
  const vault = await phone.store.get("meta", "coffre");
  assert.deepEqual(vault.enveloppes, { phrase: null, prf: null });
  assert.deepEqual(await phone.store.all("dossiers"), []);
  assert.equal((await phone.courier.state()).attente, 1);
  await phone.courier.send("main");
  assert.equal(server.deposits.length, 1);
  assert.equal((await phone.courier.state()).attente, 0);
});

test("a locked phone deposits its sealed contacts once, and the next exchange closes them", async () => {
  const { phone, server, person } = await unTelephonePrepare({ sealingKey: await uneCle() });
  await phone.note(unEntretien(person.id));
  await phone.session.lock();
  await phone.courier.send("en_ligne");
  await phone.courier.send("en_ligne");
  assert.equal(server.deposits.length, 1);
  assert.match(server.deposits[0].authorization, /^Appareil [0-9a-f-]{36}\.secret-de-depot$/);
  assert.match((await phone.courier.state()).texte, /^1 à envoyer \(1 déposée sous pli\)/);
  await phone.unlock.unlock({ phrase: PHRASE });
  await phone.courier.send("main");
  assert.equal((await phone.courier.state()).etat, "vide");
});

test("past its lease the notebook opens only once the server has answered", async () => {
  const { phone, server } = await unTelephonePrepare();
  await phone.session.lock();
  phone.clock.ms += 8 * 24 * 60 * MINUTE;
  server.faults = ["coupure"];
  const refused = await phone.unlock.unlock({ phrase: PHRASE });
  assert.equal(refused.etat, "verrouille");
  assert.match(refused.erreur_texte, /joint le serveur/);
  assert.equal(await phone.session.state(), "verrouille");
  assert.equal((await phone.unlock.unlock({ phrase: PHRASE })).etat, "ouvert");
});

test("a prepared phone refuses to be prepared over", async () => {
  const { phone } = await unTelephonePrepare();
  await assert.rejects(phone.prepare(), /déjà préparé/);
});

test("an expired login during preparation leaves nothing half made", async () => {
  const server = unServeur();
  server.faults = [reponses.session];
  const phone = unTelephone({ server });
  await assert.rejects(phone.prepare(), /Reconnectez-vous/);
  assert.equal(await phone.store.get("meta", "coffre"), undefined);
});

test("a revoked phone destroys its key, deposits what was waiting, then asks the browser to forget", async () => {
  const { phone, server, person } = await unTelephonePrepare({ sealingKey: await uneCle() });
  await phone.note(unEntretien(person.id));
  const real = server.fetch;
  const farewells = [];
  server.fetch = async (url, init) => {
    if (url !== "/appareils/adieu") return real(url, init);
    // Le serveur refuse (415) un adieu qui n'est pas de ce type.
    farewells.push(init.headers["Content-Type"]);
    return new Response(null, { status: 204 });
  };
  server.faults = [reponses.revoque];
  await phone.courier.send("main");
  assert.equal(phone.pages.shared.messages.some(({ type }) => type === "revoque"), true);
  assert.equal((await phone.unlock.unlock({ phrase: PHRASE })).etat, "detruit");
  assert.equal(server.deposits.length, 1);
  assert.deepEqual(farewells, ["application/vnd.jalon.echange+json"]);
});

test("a revoked phone without network keeps its sealed contacts and tries again", async () => {
  const { phone, server, person } = await unTelephonePrepare({ sealingKey: await uneCle() });
  await phone.note(unEntretien(person.id));
  server.faults = [reponses.revoque, "coupure"];
  await phone.courier.send("main");
  assert.deepEqual(await phone.store.all("dossiers"), []);
  assert.equal((await phone.courier.state()).attente, 1);
  await phone.courier.send("en_ligne");
  assert.equal((await phone.courier.state()).attente, 0);
});

test("a revoked phone forgets only what the server has taken, refusals included", async () => {
  const { phone, server, person } = await unTelephonePrepare({ sealingKey: await uneCle() });
  const drafts = ["refusee", "retenue", "illisible"].map((synthese) => unEntretien(person.id, { synthese }));
  const [refused, held, unreadable] = await phone.note(...drafts);
  server.refused.set(refused.id, { date: ["Trop tard."] });
  for (const { id } of [held, unreadable]) server.held.add(id);
  await phone.courier.send("main");
  const farewells = watchFarewells(server);
  for (const { id } of [refused, held]) server.depositStatus.set(id, "depose");
  server.depositStatus.set(unreadable.id, "refused");
  server.faults = [reponses.revoque];
  await phone.courier.send("main");
  assert.deepEqual((await phone.store.all("operations")).map(({ id }) => id), [unreadable.id]);
  assert.equal(farewells.length, 0);
  server.depositStatus.delete(unreadable.id);
  await phone.courier.send("main");
  assert.equal(farewells.length, 1);
});

test("a sealed contact that waits for another is deposited again, not believed delivered", async () => {
  const { phone, server, person } = await unTelephonePrepare({ sealingKey: await uneCle() });
  const [op] = await phone.note(unEntretien(person.id));
  await phone.session.lock();
  server.depositStatus.set(op.id, "held");
  await phone.courier.send("main");
  server.depositStatus.delete(op.id);
  await phone.courier.send("main");
  assert.deepEqual(server.deposits.map(({ body }) => body.enveloppes.length), [1, 1]);
  await phone.courier.send("main");
  assert.equal(server.deposits.length, 2);
});

test("the phone of someone else asks for that account and never enrols itself again", async () => {
  const { phone, server, person } = await unTelephonePrepare();
  await phone.note(unEntretien(person.id));
  const asked = [];
  const real = server.fetch;
  server.fetch = (url, init) => (asked.push(url), real(url, init));
  server.faults = [reponses.autrePersonne];
  await phone.courier.send("main");
  assert.deepEqual(asked, ["/sync"]);
  const state = await phone.courier.state();
  assert.equal(state.etat, "reconnexion");
  assert.match(state.texte, /compte de ce téléphone/);
});

function watchFarewells(server) {
  const real = server.fetch;
  const farewells = [];
  server.fetch = async (url, init) => {
    if (url !== "/appareils/adieu") return real(url, init);
    farewells.push(url);
    return new Response(null, { status: 204 });
  };
  return farewells;
}

test("a restored server gives everything again, and what it no longer has leaves", async () => {
  const { phone, server, person } = await unTelephonePrepare();
  const kept = { ...person, id: unId(), nom: "Restée" };
  server.put(kept);
  await phone.courier.send("main");
  const real = server.fetch;
  server.records.delete(person.id);
  server.fetch = async (url, init) => {
    const response = await real(url, init);
    const body = { ...(await response.json()), repartir: true, fiches: [...server.records.values()] };
    server.fetch = real;
    return new Response(JSON.stringify(body), { headers: response.headers });
  };
  await phone.courier.send("main");
  assert.deepEqual(phone.etat.dossiers().map(({ personne }) => personne.nom), ["Restée"]);
});

async function uneCle() {
  const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  return { id: "cle-1", publique: await crypto.subtle.exportKey("jwk", pair.publicKey) };
}

const full = () => {
  throw new DOMException("plein", "QuotaExceededError");
};

test("a full phone opens, locks, and still counts the wrong phrases while the worker lives", async (t) => {
  const { phone } = await unTelephonePrepare();
  await phone.session.lock();
  const write = t.mock.method(globalThis.IDBObjectStore.prototype, "put", full);
  assert.equal((await phone.unlock.unlock({ phrase: "une autre phrase" })).essais_restants, 9);
  assert.equal((await phone.unlock.outlook()).essais_restants, null);
  assert.equal((await phone.unlock.unlock({ phrase: "une autre phrase" })).essais_restants, 8);
  assert.equal((await phone.unlock.unlock({ phrase: PHRASE })).etat, "ouvert");

  await phone.session.lock();
  assert.equal(await phone.restart().session.state(), "verrouille");
  write.mock.restore();
  assert.equal((await phone.unlock.unlock({ phrase: PHRASE })).etat, "ouvert");
});
