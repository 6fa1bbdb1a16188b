/* Une ligne abîmée du magasin : dite, réparée une fois, et sans rien emporter de ce qui attend. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { PHRASE, uneCleDeScellement, unEntretien, unePersonne, unServeur, unTelephone } from "./harnais.js";

/** Deux dossiers, une fiche arrivée (son pli est gardé), une refusée, deux en attente, un brouillon. */
async function unCarnet() {
  const server = unServeur({ sealingKey: await uneCleDeScellement() });
  const [person, other] = [unePersonne({ nom: "Un" }), unePersonne({ nom: "Deux" })];
  for (const each of [person, other]) server.put(each);
  const phone = unTelephone({ server });
  await phone.prepare();
  const [landed, refused, waiting, after] = [1, 2, 3, 4].map(() => unEntretien(person.id));
  server.refused.set(refused.id, { date: ["La date est à venir."] });
  await phone.note(landed, refused);
  await phone.courier.send("main");
  await phone.note(waiting, after);
  const { cle } = await phone.session.current();
  await phone.drafts.save(cle, phone.etat.structure, `entretien:${person.id}`, { synthese: "En cours" });
  return { phone, server, person, other, landed, refused, waiting, after };
}

/** Change une ligne sur le disque, telle que l'aurait laissée un bit retourné ou une écriture reprise à moitié. */
async function damage(phone, name, key, change) {
  const row = await phone.store.get(name, key);
  await phone.store.write([name], (objects) => objects(name).put(change(row)));
}

const flipped = (bytes) => bytes.map((byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte));
const CHANGES = {
  "one bit flipped": (row) => ({ ...row, donnees: flipped(row.donnees) }),
  "cut short": (row) => ({ ...row, donnees: row.donnees.slice(0, 5) }),
  "of another shape": (row) => ({ ...row, donnees: "ce n'est pas du chiffré" }),
};
const MISSING = ({ donnees: _donnees, ...row }) => row;

async function reopened(phone) {
  const again = phone.kill();
  assert.equal((await again.unlock.unlock({ phrase: PHRASE })).etat, "ouvert");
  return again;
}

const everyDeposit = (server) => server.deposits.flatMap(({ body }) => body.enveloppes.map(({ id }) => id));
const everyArrival = (server) => [...server.applied.map(({ id }) => id), ...everyDeposit(server)];

/** Ce qui attendait est parti, une fois ; ce qui était refusé l'est encore. */
async function nothingWasLost({ phone, server, waiting, after }) {
  await phone.courier.send("main");
  await phone.courier.send("main");
  for (const { id } of [waiting, after]) assert.equal(everyArrival(server).filter((arrived) => arrived === id).length, 1, id);
  const { attente, refusees } = await phone.courier.state();
  assert.deepEqual({ attente, refusees }, { attente: 0, refusees: 1 });
}

/** Le dégât a été dit, une fois ; rouvrir encore n'y change rien. */
async function saidOnce(t, phone) {
  assert.match(phone.flash.take().texte, /ne se (lisai|lit)/);
  const complaints = t.mock.method(console, "error", () => {});
  const again = await reopened(phone);
  assert.equal(again.flash.take(), null);
  assert.equal(complaints.mock.callCount(), 0);
  return again;
}

for (const [kind, change] of Object.entries({ ...CHANGES, "without its content": MISSING })) {
  test(`a dossier ${kind} comes back from the server, and takes nothing with it`, async (t) => {
    t.mock.method(console, "error", () => {});
    const around = await unCarnet();
    await damage(around.phone, "dossiers", around.other.id, change);
    const phone = await reopened(around.phone);
    assert.deepEqual([...phone.etat.copies().keys()], [around.person.id]);
    assert.equal((await phone.courier.state()).attente, 2);
    await nothingWasLost({ ...around, phone });
    assert.equal(phone.etat.copy(around.other.id).personne.nom, "Deux");
    await saidOnce(t, phone);
  });

  test(`a reference ${kind} comes back from the server; meanwhile the notebook opens`, async (t) => {
    t.mock.method(console, "error", () => {});
    const around = await unCarnet();
    await damage(around.phone, "reference", "reference", change);
    const phone = await reopened(around.phone);
    assert.equal(phone.etat.reference.utilisateur.role, "conseiller");
    assert.equal(phone.etat.copies().size, 2);
    await nothingWasLost({ ...around, phone });
    assert.equal(phone.etat.reference.empreinte, "r1");
    await saidOnce(t, phone);
  });
}

for (const [kind, change] of Object.entries(CHANGES)) {
  test(`an operation ${kind} leaves sealed, as it was noted; the others as usual`, async (t) => {
    t.mock.method(console, "error", () => {});
    const around = await unCarnet();
    await damage(around.phone, "operations", around.waiting.id, change);
    const phone = await reopened(around.phone);
    assert.equal((await phone.courier.state()).attente, 2);
    await nothingWasLost({ ...around, phone });
    assert.deepEqual(everyDeposit(around.server), [around.waiting.id]);
    await saidOnce(t, phone);
  });

  test(`a draft ${kind} is lost, and said to be; nothing else waits on it`, async (t) => {
    t.mock.method(console, "error", () => {});
    const around = await unCarnet();
    await damage(around.phone, "brouillons", `entretien:${around.person.id}`, change);
    around.server.removals.push(around.other.id);
    const phone = await reopened(around.phone);
    await nothingWasLost({ ...around, phone });
    assert.equal(phone.etat.copy(around.other.id), null, "le dossier parti s’en va quand même");
    await saidOnce(t, phone);
  });
}

test("an operation damaged with its envelope is counted among what is to be noted again, never forgotten", async (t) => {
  t.mock.method(console, "error", () => {});
  const { phone, server, waiting, after } = await unCarnet();
  await damage(phone, "operations", waiting.id, (row) => ({ ...CHANGES["one bit flipped"](row), scelle: { cle: "c" } }));
  const again = await reopened(phone);
  await again.courier.send("main");
  assert.ok(everyArrival(server).includes(after.id));
  const { attente, refusees } = await again.courier.state();
  assert.deepEqual({ attente, refusees }, { attente: 0, refusees: 2 });
  assert.match(again.flash.take().texte, /à noter de nouveau/);
});

test("an operation whose fate is missing is not forgotten in a corner: it leaves sealed", async (t) => {
  t.mock.method(console, "error", () => {});
  const around = await unCarnet();
  await damage(around.phone, "operations", around.waiting.id, ({ etat: _etat, ...row }) => row);
  const phone = await reopened(around.phone);
  assert.equal((await phone.courier.state()).attente, 2);
  await nothingWasLost({ ...around, phone });
});

test("the reason of a refusal can be lost without the refused fiche", async () => {
  const { phone, refused } = await unCarnet();
  await damage(phone, "operations", refused.id, (row) => ({ ...row, resultat: flipped(row.resultat) }));
  const again = await reopened(phone);
  const entry = again.etat.operation(refused.id);
  assert.equal(entry.etat, "refusee");
  assert.match(entry.erreurs.general[0], /Renvoyez/);
});

test("two rows exchanged do not read as one another", async (t) => {
  t.mock.method(console, "error", () => {});
  const around = await unCarnet();
  const [one, two] = await Promise.all([around.waiting, around.after].map(({ id }) => around.phone.store.get("operations", id)));
  await damage(around.phone, "operations", one.id, (row) => ({ ...row, donnees: two.donnees }));
  await damage(around.phone, "operations", two.id, (row) => ({ ...row, donnees: one.donnees }));
  const phone = await reopened(around.phone);
  await nothingWasLost({ ...around, phone });
});

test("two operations of the same rank both leave", async () => {
  const around = await unCarnet();
  const { compteur } = await around.phone.store.get("operations", around.waiting.id);
  await damage(around.phone, "operations", around.after.id, (row) => ({ ...row, compteur }));
  await nothingWasLost({ ...around, phone: await reopened(around.phone) });
});

test("a repair cut short is done again at the next opening", async (t) => {
  t.mock.method(console, "error", () => {});
  const around = await unCarnet();
  await damage(around.phone, "dossiers", around.other.id, CHANGES["one bit flipped"]);
  await damage(around.phone, "operations", around.waiting.id, CHANGES["one bit flipped"]);
  const cut = around.phone.kill();
  const { write } = cut.store;
  cut.store.write = (stores, queue) =>
    write(stores, (objects) => {
      queue(objects);
      if (stores.includes("dossiers")) throw new Error("éteint");
    });
  await assert.rejects(cut.unlock.unlock({ phrase: PHRASE }), /éteint/);
  assert.equal((await cut.store.all("dossiers")).length, 2, "rien à moitié");
  cut.clock.ms += 60_000;
  const phone = await reopened(cut);
  await nothingWasLost({ ...around, phone });
  assert.equal(phone.etat.copies().size, 2);
});

test("what there is to say waits for a screen, even across a restart", async (t) => {
  t.mock.method(console, "error", () => {});
  const around = await unCarnet();
  await damage(around.phone, "dossiers", around.other.id, CHANGES["one bit flipped"]);
  const first = await reopened(around.phone);
  first.clock.ms += 3_600_000;
  const second = await reopened(first);
  assert.match(second.flash.take().texte, /1 dossier ne se lisait plus/);
  assert.equal((await reopened(second)).flash.take(), null);
});

test("with a key that reads nothing, nothing is touched", async (t) => {
  t.mock.method(console, "error", () => {});
  const { phone } = await unCarnet();
  const before = await phone.store.snapshot(["dossiers", "operations", "reference", "brouillons"]);
  const wrong = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const again = phone.kill();
  await again.session.open(wrong);
  await assert.rejects(again.ready());
  assert.deepEqual(await phone.store.snapshot(["dossiers", "operations", "reference", "brouillons"]), before);
});

test("an envelope kept in pieces is said to be lost, and does not stop the others", async () => {
  const around = await unCarnet();
  const { phone, server, landed } = around;
  await phone.courier.send("main");
  await damage(phone, "gardees", landed.id, (row) => ({ ...row, scelle: null }));
  server.epoch += 1;
  server.log.clear();
  await phone.courier.send("main");
  assert.deepEqual([...new Set(everyDeposit(server))].sort(), [around.waiting.id, around.after.id].sort());
  const { attente, refusees } = await phone.courier.state();
  assert.deepEqual({ attente, refusees }, { attente: 0, refusees: 2 });
});

const LOST = {
  "a cursor of another shape": ["curseur", 12, null],
  "a lost cursor": ["curseur", undefined, null],
  "a lost counter": ["compteur", undefined, null],
  "a counter of another shape": ["compteur", "sept", null],
  "a lost device name": ["appareil", undefined, "appareil_inconnu"],
  "lost settings": ["reglages", undefined, null],
};
for (const [kind, [key, value, issue]] of Object.entries(LOST)) {
  test(`${kind} costs no operation`, async () => {
    const around = await unCarnet();
    await around.phone.store.write(["meta"], (objects) =>
      value === undefined ? objects("meta").delete(key) : objects("meta").put(value, key),
    );
    const phone = await reopened(around.phone);
    const noted = unEntretien(around.person.id);
    const [op] = await phone.note(noted);
    assert.equal(op.compteur, 5, "la suite, sans répéter un rang");
    if (issue) {
      assert.equal((await phone.courier.send("main")).resultat, issue);
      assert.equal((await phone.courier.state()).attente, 3);
      return;
    }
    await nothingWasLost({ ...around, phone });
    assert.ok(around.server.applied.some(({ id }) => id === noted.id));
  });
}

test("a vault without envelopes: nothing opens, and what waits still leaves", async () => {
  const around = await unCarnet();
  const vault = await around.phone.store.get("meta", "coffre");
  await around.phone.store.write(["meta"], (objects) => objects("meta").put({ ...vault, enveloppes: undefined }, "coffre"));
  const phone = around.phone.kill();
  assert.equal((await phone.unlock.outlook()).phrase, false);
  assert.equal((await phone.unlock.unlock({ phrase: PHRASE })).etat, "verrouille");
  await phone.courier.send("main");
  assert.deepEqual(everyDeposit(around.server).sort(), [around.waiting.id, around.after.id].sort());
});

test("an operation lost with its envelope is counted until it has been seen, then no more", async (t) => {
  const { phone, refused } = await unCarnet();
  await damage(phone, "operations", refused.id, (row) => ({ ...row, donnees: "illisible", scelle: null }));
  t.mock.method(console, "error", () => {});
  const again = await reopened(phone);
  const [{ length: before }, { refusees }] = await Promise.all([again.outbox.lost(), again.courier.state()]);
  assert.deepEqual([before, refusees], [1, 1]);
  await again.outbox.forgetLost();
  assert.equal((await again.outbox.lost()).length, 0);
  assert.equal((await again.courier.state()).refusees, 0);
});
