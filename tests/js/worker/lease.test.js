import assert from "node:assert/strict";
import { test } from "node:test";

import { PHRASE, unEntretien, unTelephonePrepare } from "./harnais.js";

const DAY = 24 * 60 * 60_000;
const CODE = "4807";

function page(path) {
  const request = new Request(`https://jalon.example${path}`);
  Object.defineProperty(request, "mode", { value: "navigate" });
  return request;
}
const screen = async (phone) => JSON.parse(await (await phone.respond(page("/envoi"))).text());

const ask = async (phone, message) => {
  let answer;
  await phone.answer({ data: message, ports: [{ postMessage: (content) => { answer = content; } }] });
  return answer;
};

test("while the server stays silent, a notebook past its lease is not open", async () => {
  const { phone, server } = await unTelephonePrepare();
  await phone.session.lock();
  phone.clock.ms += 8 * DAY;
  let during;
  const real = server.fetch;
  server.fetch = async (...request) => {
    during = [await phone.session.state(), (await screen(phone)).gabarit];
    return real(...request);
  };
  assert.equal((await phone.unlock.unlock({ phrase: PHRASE })).etat, "ouvert");
  assert.deepEqual(during, ["bail", "partages/pages/verrou.html"]);
  assert.equal(await phone.session.state(), "ouvert");
});

test("a notebook left open past its lease closes, says why, and opens again by an exchange", async () => {
  const { phone, server, person } = await unTelephonePrepare();
  await phone.note(unEntretien(person.id));
  phone.clock.ms += 8 * DAY;
  const { gabarit, contexte } = await screen(phone);
  assert.equal(gabarit, "partages/pages/verrou.html");
  assert.match(contexte.erreur, /joint le serveur/);
  assert.equal((await phone.courier.send("en_ligne")).resultat, "fait");
  assert.equal(server.applied.length, 1);
  assert.equal(await phone.session.state(), "ouvert");
});

test("a worker that gets its key back past the lease may exchange and nothing else", async () => {
  const { phone, server } = await unTelephonePrepare();
  phone.clock.ms += 8 * DAY;
  const again = phone.restart();
  assert.equal(await again.session.state(), "bail");
  const described = await ask(again, { type: "etat" });
  assert.deepEqual([described.coffre, described.session], ["bail", null]);
  assert.match((await ask(again, { type: "brouillon-lire", cle: "x" })).erreur, /fermé/);
  assert.deepEqual(await ask(again, { type: "brouillon-ecrire", cle: "x", champs: [["a", "b"]] }), {});
  const before = server.requests.length;
  await again.courier.send("main");
  assert.equal(server.requests.length, before + 1);
});

test("the code does not open past the lease without the server", async () => {
  const { phone, server } = await unTelephonePrepare({ choices: { code: CODE } });
  phone.pages.shared.visible = false;
  phone.clock.ms += 7 * DAY;
  await phone.session.cover();
  phone.clock.ms += 1000;
  server.faults = ["coupure"];
  const refused = await phone.unlock.unlock({ code: CODE });
  assert.equal(refused.etat, "verrouille");
  assert.match(refused.erreur_texte, /joint le serveur/);
  assert.equal((await phone.unlock.unlock({ phrase: PHRASE })).etat, "ouvert");
});
