/* Le cahier d'une équipe sur le téléphone : rangé comme un dossier, jamais parmi eux. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { projeter } from "../../../static/js/domain/projection/index.js";
import { applyRecords, everyRecord, personOf, versionOf } from "../../../static/js/worker/dossier.js";
import { createGlanceRows } from "../../../static/js/worker/glance.js";
import { PHRASE, STRUCTURE, unId, unTelephonePrepare, UTILISATRICE } from "./harnais.js";

const unCahier = (champs = {}) => ({
  type: "cahier",
  id: unId(),
  genre: "secteur",
  nom: "Secteur Gare",
  valeurs: {},
  ferme_le: null,
  membres: [UTILISATRICE],
  ...champs,
});

const uneFeuille = (cahier, forme, valeurs, champs = {}) => ({
  type: "feuille",
  id: unId(),
  cahier_id: cahier.id,
  forme,
  auteur: UTILISATRICE,
  auteur_nom: "Une Essai",
  note_le: "2026-11-25T20:30:00Z",
  retiree_le: null,
  retrait_motif: null,
  tardive: null,
  valeurs,
  revisions: [],
  ...champs,
});

const uneRencontre = (cahier, maraude, champs = {}) => ({
  id: unId(),
  genre: "noter_rencontre",
  entite: unId(),
  personne: cahier.id,
  champs: { maraude_id: maraude.id, adultes: 1, ...champs },
});

async function unCahierRecu(options = {}) {
  const around = await unTelephonePrepare({ rules: { projeter, ...options.rules } });
  const cahier = unCahier();
  const maraude = uneFeuille(cahier, "maraude", { le: "2026-11-25", debut: "20:30" });
  // Les fiches d'une page viennent dans n'importe quel ordre.
  for (const record of [maraude, cahier]) around.server.put(record);
  await around.phone.courier.send("main");
  return { ...around, cahier, maraude };
}

const feuilles = (phone, cahier) => phone.etat.cahier(cahier.id).feuilles;

test("a notebook is kept with its pages, whatever their order, and is not a person", async () => {
  const { phone, cahier, maraude, person } = await unCahierRecu();
  assert.deepEqual(phone.etat.cahiers().map(({ cahier: { nom } }) => nom), ["Secteur Gare"]);
  assert.deepEqual(feuilles(phone, cahier).map(({ id }) => id), [maraude.id]);
  assert.deepEqual(phone.etat.dossiers().map(({ personne: { id } }) => id), [person.id]);
  assert.equal(phone.etat.dossier(cahier.id), null);
  assert.equal(phone.etat.cahier(person.id), null);
  assert.equal(phone.etat.cahierOf(maraude.id).cahier.id, cahier.id);
  assert.equal(phone.etat.record(cahier.id, maraude.id).forme, "maraude");
});

test("it is read again from the disk, encrypted like the rest", async () => {
  const { phone, cahier, maraude } = await unCahierRecu();
  const rows = await phone.store.all("dossiers");
  assert.ok(rows.every(({ donnees }) => donnees instanceof Uint8Array || donnees.byteLength));
  assert.ok(!JSON.stringify(rows).includes("Secteur Gare"));
  const again = phone.kill();
  await again.unlock.unlock({ phrase: PHRASE });
  assert.deepEqual(feuilles(again, cahier).map(({ id }) => id), [maraude.id]);
});

test("what was just noted is on screen, then arrives without disappearing", async () => {
  const { phone, server, cahier, maraude } = await unCahierRecu();
  const note = uneRencontre(cahier, maraude, { ou: "Porche" });
  await phone.note(note);
  const shown = () => feuilles(phone, cahier).find(({ id }) => id === note.entite);
  assert.deepEqual([shown().valeurs.ou, shown().envoi], ["Porche", "en_attente"]);
  await phone.courier.send("main");
  assert.equal(server.applied.at(-1).id, note.id);
  assert.deepEqual([shown().valeurs.ou, "envoi" in shown()], ["Porche", false]);
});

test("what a colleague wrote meanwhile comes under what waits here", async () => {
  const { phone, server, cahier, maraude } = await unCahierRecu();
  const rencontre = uneFeuille(cahier, "rencontre", { maraude_id: maraude.id, adultes: 1 });
  server.put(rencontre);
  await phone.courier.send("main");
  const change = { id: unId(), genre: "modifier_rencontre", entite: rencontre.id, personne: cahier.id, champs: { ou: "Quai 3" } };
  await phone.note(change);
  server.held.add(change.id);
  server.put({ ...rencontre, valeurs: { ...rencontre.valeurs, note: "À revoir samedi" }, auteur_nom: "Bruno" });
  await phone.courier.send("main");
  const shown = feuilles(phone, cahier).find(({ id }) => id === rencontre.id);
  assert.deepEqual([shown.valeurs.ou, shown.valeurs.note, shown.envoi], ["Quai 3", "À revoir samedi", "retenue"]);
});

test("no longer a member: the notebook leaves once what was noted there has landed", async () => {
  const { phone, server, cahier, maraude, person } = await unCahierRecu();
  const note = uneRencontre(cahier, maraude);
  await phone.note(note);
  server.held.add(note.id);
  server.removals.push(cahier.id);
  server.gone.add(cahier.id);
  await phone.courier.send("main");
  assert.equal(phone.etat.cahiers().length, 1, "ce qui attend n’est pas parti");
  server.held.clear();
  await phone.courier.send("main");
  assert.equal(phone.etat.cahier(cahier.id), null);
  assert.deepEqual((await phone.store.all("dossiers")).map(({ id }) => id), [person.id]);
  assert.equal(server.applied.at(-1).id, note.id);
});

for (const named of ["cahier", "maraude"]) {
  test(`a form being filled in keeps the notebook: its draft names the ${named}`, async () => {
    const around = await unCahierRecu();
    const { phone, server, cahier } = around;
    const { cle } = await phone.session.current();
    await phone.drafts.save(cle, STRUCTURE, `rencontre:${around[named].id}`, { ou: "Porche" });
    server.removals.push(cahier.id);
    await phone.courier.send("main");
    assert.equal(phone.etat.cahiers().length, 1);
  });
}

test("a page of an unknown notebook waits without inventing it", async () => {
  const { phone, server, maraude } = await unCahierRecu();
  const note = uneRencontre(unCahier(), maraude);
  server.held.add(note.id);
  await phone.note(note);
  await phone.courier.send("main");
  assert.deepEqual([phone.etat.cahiers().length, phone.etat.operations().length], [1, 1]);
});

test("a base says which version of the page was read", async () => {
  const { phone, server, cahier, maraude } = await unCahierRecu();
  const version = phone.etat.record(cahier.id, maraude.id).version;
  await phone.note({ id: unId(), genre: "modifier_maraude", entite: maraude.id, personne: cahier.id, champs: { fin: "23:00" } });
  await phone.courier.send("main");
  assert.equal(server.applied.at(-1).base, version);
});

test("the cold screens hold no notebook", async () => {
  const vues = { dossiers: (dossiers) => ({ dossiers }), maJournee: (dossiers) => ({ dossiers }) };
  const { phone, cahier, maraude, person } = await unCahierRecu({ rules: { vues, background: () => {} } });
  await phone.note(uneRencontre(cahier, maraude));
  const again = phone.restart();
  const url = "https://jalon.example/dossiers";
  const { contexte } = JSON.parse(await (await again.respond({ method: "GET", mode: "navigate", url, headers: new Headers() })).text());
  assert.deepEqual(contexte.dossiers.map(({ personne: { id } }) => id), [person.id]);
  assert.equal(again.etat.loaded, false);
});

test("a notebook that no longer reads comes back, and what was noted there leaves", async (t) => {
  const { phone, server, cahier, maraude } = await unCahierRecu();
  const note = uneRencontre(cahier, maraude);
  await phone.note(note);
  const row = await phone.store.get("dossiers", cahier.id);
  await phone.store.write(["dossiers"], (objects) => objects("dossiers").put({ ...row, donnees: row.donnees.slice(0, 5) }));
  t.mock.method(console, "error", () => {});
  const again = phone.kill();
  assert.equal((await again.unlock.unlock({ phrase: PHRASE })).etat, "ouvert");
  assert.equal(again.etat.cahier(cahier.id), null);
  await again.courier.send("main");
  assert.ok(server.applied.some(({ id }) => id === note.id));
  assert.ok(feuilles(again, cahier).some(({ id }) => id === maraude.id));
});

test("the glance of a cold start keeps no notebook", async () => {
  const { phone, person } = await unCahierRecu();
  const { cle } = await phone.session.current();
  const rows = createGlanceRows({ version: "essai", today: () => "2026-11-26" });
  const row = await rows.make(cle, STRUCTURE, { copies: phone.etat.copies() });
  const seen = await rows.read(cle, STRUCTURE, row);
  assert.deepEqual([seen.dossiers.map(([id]) => id), seen.genres], [[person.id], ["secteur"]]);
});

test("the pages of a notebook count in its balance and its version", () => {
  const cahier = unCahier({ version: 3 });
  const maraude = uneFeuille(cahier, "maraude", {}, { version: 7 });
  const row = applyRecords(null, [maraude, cahier]);
  assert.equal(row.personne, null);
  assert.deepEqual(everyRecord(row).map(({ type }) => type), ["cahier", "feuille"]);
  assert.deepEqual([versionOf(row), personOf(maraude), personOf(cahier)], [7, cahier.id, cahier.id]);
});
