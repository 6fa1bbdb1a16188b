/* Les bilans disent aussi quels dossiers sont là : un dossier entier qui manque se voit, et revient. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { unEntretien, unePersonne, unTelephonePrepare } from "./harnais.js";

async function uneFicheArrivee() {
  const around = await unTelephonePrepare();
  await around.phone.note(unEntretien(around.person.id));
  await around.phone.courier.send("main");
  return around;
}

test("a whole dossier lost from the store is missed by the comparison and comes back", async () => {
  const { phone, server, person } = await uneFicheArrivee();
  await phone.store.write(["dossiers"], (objects) => objects("dossiers").delete(person.id));
  phone.clock.ms += 86_400_000;
  const reopened = phone.restart();
  await reopened.load();
  assert.equal(reopened.etat.copy(person.id), null, "il n’est plus là, et rien d’autre ne l’aurait dit");
  await reopened.courier.send("main");
  assert.equal(reopened.etat.copy(person.id).personne.id, person.id);
  assert.deepEqual(server.requests.at(-1).bilans_entre, ["", null]);
  assert.deepEqual((await reopened.store.all("dossiers")).map(({ id }) => id), [person.id]);
});

test("with more dossiers than one request carries, the bounds say which were looked at", async () => {
  const { phone, server } = await uneFicheArrivee();
  for (let rank = 0; rank < 250; rank += 1) server.put(unePersonne());
  await phone.courier.send("main");
  const asked = () => server.requests.filter(({ bilans }) => bilans).map(({ bilans, bilans_entre: bounds }) => [Object.keys(bilans), bounds]);
  phone.clock.ms += 86_400_000;
  await phone.courier.send("main");
  const [first, bounds] = asked().at(-1);
  assert.deepEqual([first.length, bounds], [200, ["", first.at(-1)]]);
  phone.clock.ms += 86_400_000;
  await phone.courier.send("main");
  const [second, next] = asked().at(-1);
  assert.deepEqual([second.length, next], [51, [first.at(-1), null]]);
});
