import assert from "node:assert/strict";
import { test } from "node:test";

import { PHRASE, unEntretien, unId, unTelephonePrepare } from "./harnais.js";

const uneMesure = (person) => ({ type: "mesure", id: unId(), personne_id: person.id, convention: "ASP-NC" });

/** Le réseau tel qu'il est parfois : `meanwhile` se passe pendant que la réponse voyage. */
function whileTravelling(server, meanwhile) {
  const real = server.fetch;
  server.fetch = async (url, init) => {
    const response = await real(url, init);
    server.fetch = real;
    await meanwhile();
    return response;
  };
}

for (const [name, afterLock] of [
  ["locked", async () => {}],
  ["locked then opened again", (phone) => phone.unlock.unlock({ phrase: PHRASE })],
]) {
  test(`a page that comes back to a notebook ${name} writes nothing, and the file stays whole`, async () => {
    const { phone, server, person } = await unTelephonePrepare();
    server.put(uneMesure(person));
    const before = await phone.store.get("meta", "curseur");
    whileTravelling(server, async () => {
      await phone.session.lock();
      await afterLock(phone);
    });
    assert.equal((await phone.courier.send("main")).resultat, "verrouille");
    assert.equal(await phone.store.get("meta", "curseur"), before);

    const again = phone.kill();
    await again.unlock.unlock({ phrase: PHRASE });
    assert.equal(again.etat.dossier(person.id).personne.nom, "Exemple");
    await again.courier.send("main");
    const dossier = again.etat.dossier(person.id);
    assert.deepEqual([dossier.personne.nom, dossier.mesures.length], ["Exemple", 1]);
  });
}

test("what an answer lost to a lock had acknowledged is offered again and counts once", async () => {
  const { phone, server, person } = await unTelephonePrepare();
  await phone.note(unEntretien(person.id));
  whileTravelling(server, () => phone.session.lock());
  await phone.courier.send("main");
  assert.equal((await phone.courier.state()).attente, 1);
  await phone.unlock.unlock({ phrase: PHRASE });
  await phone.courier.send("main");
  assert.equal(server.applied.length, 1);
  assert.equal((await phone.courier.state()).attente, 0);
});
