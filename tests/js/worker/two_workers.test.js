import assert from "node:assert/strict";
import { test } from "node:test";

import { unEntretien, unId, unTelephonePrepare } from "./harnais.js";

const PHRASE = "quatre jalons au bord du canal";
const uneMesure = (person) => ({ type: "mesure", id: unId(), personne_id: person.id, convention: "ASP-NC" });

/** Le temps d'une mise à jour, l'ancien travailleur finit son échange alors que le nouveau a déjà lu le carnet. */
async function deuxTravailleurs() {
  const { phone: former, server, person } = await unTelephonePrepare();
  const next = former.restart();
  await next.load();
  await next.courier.state();
  return { former, next, server, person };
}

test("what the former worker received while the next one was starting is not lost to it", async () => {
  const { former, next, server, person } = await deuxTravailleurs();
  server.put(uneMesure(person));
  await former.courier.send("main");
  server.put(uneMesure(person));
  await next.courier.send("main");
  assert.equal(next.etat.dossier(person.id).mesures.length, 2);
  const again = next.kill();
  await again.unlock.unlock({ phrase: PHRASE });
  assert.equal(again.etat.dossier(person.id).mesures.length, 2);
});

test("what the former worker noted is sent and counted by the next one", async () => {
  const { former, next, server, person } = await deuxTravailleurs();
  await former.note(unEntretien(person.id));
  assert.equal((await next.courier.send("main")).envoi.attente, 0);
  assert.equal(server.applied.length, 1);
});

test("a worker taking over reads again what it remembered", async () => {
  const { former, next, person } = await deuxTravailleurs();
  await former.note(unEntretien(person.id));
  next.takeOver();
  assert.equal((await next.courier.state()).attente, 1);
});

test("an exchange alone on its phone reads the notebook once", async () => {
  const { phone, person } = await unTelephonePrepare();
  await phone.note(unEntretien(person.id));
  const { generation } = phone.etat;
  await phone.courier.send("main");
  await phone.courier.send("main");
  assert.equal(phone.etat.generation, generation);
});
