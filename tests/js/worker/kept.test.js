import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { bilan } from "../../../static/js/worker/bilans.js";
import { destroyVault } from "../../../static/js/worker/unlock.js";
import { PHRASE, readBody, reponses, uneCleDeScellement, unEntretien, unTelephonePrepare } from "./harnais.js";

/** Un téléphone dont une fiche est arrivée, et que le serveur a prise. */
async function uneFicheArrivee() {
  const around = await unTelephonePrepare({ sealingKey: await uneCleDeScellement() });
  const draft = unEntretien(around.person.id);
  await around.phone.note(draft);
  await around.phone.courier.send("main");
  return { ...around, draft };
}

/** Le serveur revient à ce qu'il était avant cette fiche : il ne sait plus rien d'elle. */
function restored(server) {
  server.epoch += 1;
  server.log.clear();
  server.applied.length = 0;
  server.deposits.length = 0;
}

const kept = (phone) => phone.store.all("gardees");

test("what the server took stays on the phone sealed, with nothing readable", async () => {
  const { phone, draft } = await uneFicheArrivee();
  const rows = await kept(phone);
  assert.deepEqual(rows.map(({ id }) => id), [draft.id]);
  assert.deepEqual(Object.keys(rows[0]).sort(), ["appareil", "compteur", "id", "recu_le", "redonner", "scelle"]);
  assert.equal((await phone.courier.state()).attente, 0);
});

test("a confirmed backup newer than its arrival lets it go, an older one does not", async () => {
  const { phone, server } = await uneFicheArrivee();
  server.sauvegarde = "2026-11-26T08:59:59Z";
  await phone.courier.send("main");
  assert.equal((await kept(phone)).length, 1);
  server.sauvegarde = "2026-11-26T09:00:00Z";
  await phone.courier.send("main");
  assert.deepEqual(await kept(phone), []);
});

test("a restored server is given back what it lost, once, and it stays kept until the next backup", async () => {
  const { phone, server, draft } = await uneFicheArrivee();
  restored(server);
  await phone.courier.send("main");
  assert.deepEqual(server.deposits.map(({ body }) => body.enveloppes.map(({ id }) => id)), [[draft.id]]);
  await phone.courier.send("main");
  assert.equal(server.deposits.length, 1);
  assert.deepEqual((await kept(phone)).map(({ redonner }) => redonner), [false]);
});

test("what a restored server no longer knows leaves the screen, even when it gives the dossier back", async () => {
  const { phone, server, person, draft } = await uneFicheArrivee();
  assert.equal(phone.etat.copy(person.id).entretiens.length, 1);
  restored(server);
  server.depositStatus.set(draft.id, "refused");
  await phone.courier.send("main");
  assert.deepEqual(phone.etat.copy(person.id).entretiens, []);
});

test("a phone killed between the news and the giving back gives back at its next exchange", async () => {
  const { phone, server, draft } = await uneFicheArrivee();
  restored(server);
  server.faults.push(undefined, "coupure");
  await phone.courier.send("main");
  assert.equal(server.deposits.length, 0);
  const again = phone.kill();
  await again.unlock.unlock({ phrase: PHRASE });
  await again.courier.send("main");
  assert.deepEqual(server.deposits.map(({ body }) => body.enveloppes.map(({ id }) => id)), [[draft.id]]);
});

test("what the server refuses when given back is a refused fiche, counted, not lost", async () => {
  const { phone, server, draft } = await uneFicheArrivee();
  restored(server);
  server.depositStatus.set(draft.id, "refused");
  await phone.courier.send("main");
  assert.equal((await phone.courier.state()).refusees, 1);
  assert.deepEqual(await kept(phone), []);
});

test("what still waits for a colleague when given back is given back again", async () => {
  const { phone, server, draft } = await uneFicheArrivee();
  restored(server);
  server.depositStatus.set(draft.id, "held");
  await phone.courier.send("main");
  server.depositStatus.delete(draft.id);
  await phone.courier.send("main");
  assert.equal(server.deposits.length, 2);
  assert.deepEqual((await kept(phone)).map(({ redonner }) => redonner), [false]);
});

test("a fiche held by the restored server is sent again once the rest is given back", async () => {
  const { phone, server, person } = await uneFicheArrivee();
  restored(server);
  const next = unEntretien(person.id);
  await phone.note(next);
  server.held.add(next.id);
  const fetch = server.fetch;
  server.fetch = (url, init) => {
    if (url === "/sync/scelles") server.held.clear();
    return fetch(url, init);
  };
  await phone.courier.send("main");
  assert.equal((await phone.courier.state()).attente, 0);
  assert.deepEqual(server.applied.map(({ id }) => id), [next.id]);
});

const { cas } = JSON.parse(await readFile(new URL("../../corpus/bilans.json", import.meta.url)));
for (const { nom, fiches, bilan: attendu } of cas) {
  test(`bilan : ${nom}`, async () => assert.equal(await bilan(fiches), attendu));
}

test("once a day, at rest, the dossiers are compared; one that differs comes back whole", async () => {
  const { phone, server, person } = await uneFicheArrivee();
  await phone.courier.send("main");
  const compared = () => server.requests.filter(({ bilans }) => bilans).map(({ bilans }) => Object.keys(bilans));
  assert.deepEqual(compared(), [[person.id]]);
  await phone.courier.send("main");
  assert.equal(compared().length, 1, "une seule fois par jour");
  phone.clock.ms += 86_400_000;
  server.diverging.push(person.id);
  server.put({ ...person, prenom: "Awa" });
  await phone.courier.send("main");
  assert.deepEqual(phone.etat.copy(person.id).entretiens, [], "rien de l’ancien n’y reste");
  assert.equal(phone.etat.copy(person.id).personne.prenom, "Awa");
});

/** « J’ai oublié ma phrase » : un carnet neuf, sous le même identifiant, prend la place de l’ancien. */
const forgetPhrase = (phone) => phone.prepare({ phrase: "une autre phrase, au bord du canal", remplacer: true });

const depositedIds = (server) => server.deposits.flatMap(({ body }) => body.enveloppes.map(({ id }) => id));

test("a phrase forgotten after a restore: the new notebook gives back what the old one kept", async () => {
  const { phone, server, draft } = await uneFicheArrivee();
  restored(server);
  const locked = phone.kill();
  await forgetPhrase(locked);
  await locked.courier.send("main");
  assert.deepEqual(depositedIds(server), [draft.id]);
  assert.deepEqual((await kept(locked)).map(({ redonner }) => redonner), [false]);
});

test("a vault destroyed after a restore, then prepared again, still gives back what it kept", async () => {
  const { phone, server, draft } = await uneFicheArrivee();
  restored(server);
  await destroyVault(phone.store);
  const again = phone.kill();
  await again.prepare();
  await again.courier.send("main");
  assert.deepEqual(depositedIds(server), [draft.id]);
});

test("a phrase forgotten while the server was never restored: given again, nothing is doubled, and the next backup lets it go", async () => {
  const { phone, server } = await uneFicheArrivee();
  const locked = phone.kill();
  await forgetPhrase(locked);
  await locked.courier.send("main");
  assert.equal((await locked.courier.state()).attente, 0);
  server.clock = "2026-11-26T10:00:00Z";
  server.sauvegarde = "2026-11-26T09:59:00Z";
  await locked.courier.send("main");
  server.sauvegarde = "2026-11-26T10:00:00Z";
  await locked.courier.send("main");
  assert.deepEqual(await kept(locked), []);
});

test("deposited before the phrase was forgotten, lost by the restore that follows: given back all the same", async () => {
  const { phone, server, person } = await unTelephonePrepare({ sealingKey: await uneCleDeScellement() });
  const draft = unEntretien(person.id);
  await phone.note(draft);
  const locked = phone.kill();
  await locked.courier.send("main");
  assert.deepEqual(depositedIds(server), [draft.id], "déposée carnet fermé");
  await forgetPhrase(locked);
  restored(server);
  await locked.courier.send("main");
  assert.deepEqual([...new Set(depositedIds(server))], [draft.id]);
});

test("left sealed by the old notebook, deposited by the new one, lost by a restore: given back", async () => {
  const { phone, server, person } = await unTelephonePrepare({ sealingKey: await uneCleDeScellement() });
  const draft = unEntretien(person.id);
  await phone.note(draft);
  const locked = phone.kill();
  await forgetPhrase(locked);
  assert.equal((await locked.courier.state()).attente, 1, "elle attend, sous pli");
  await locked.courier.send("main");
  assert.deepEqual(depositedIds(server), [draft.id], "elle part, le carnet neuf ouvert");
  assert.equal((await locked.courier.state()).attente, 0);
  restored(server);
  await locked.courier.send("main");
  assert.deepEqual(depositedIds(server), [draft.id], "puis est redonnée");
});

test("what is still to be given back is waiting, and the phone does not say that all is sent", async () => {
  const { phone, server, draft } = await uneFicheArrivee();
  restored(server);
  server.depositStatus.set(draft.id, "held");
  await phone.courier.send("main");
  const said = await phone.courier.state();
  assert.equal(said.attente, 1);
  assert.match(said.texte, /^1 à envoyer/);
});

test("the envelopes of a colleague, whose phone the server no longer knows, do not stop mine", async () => {
  const { phone, server, person, draft } = await uneFicheArrivee();
  const [row] = await kept(phone);
  await phone.store.write(["gardees"], (objects) => objects("gardees").put({ ...row, id: "0190c0de-0000-7000-8000-00000000ffff", appareil: "celui-d-avant", compteur: 0 }));
  restored(server);
  const { fetch } = server;
  server.fetch = async (url, init) => {
    const anothers = url === "/sync/scelles" && (await readBody(init)).appareil === "celui-d-avant";
    return anothers ? reponses.appareilInconnu() : fetch(url, init);
  };
  const next = unEntretien(person.id);
  await phone.note(next);
  await phone.courier.send("main");
  assert.deepEqual(server.applied.map(({ id }) => id), [next.id]);
  assert.deepEqual(depositedIds(server), [draft.id]);
  assert.equal((await phone.courier.state()).attente, 1, "les siens attendent encore, et cela se dit");
});
