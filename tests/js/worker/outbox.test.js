import assert from "node:assert/strict";
import { test } from "node:test";

import { PHRASE, reponses, unePersonne, unEntretien, unId, unServeur, unTelephone, unTelephonePrepare } from "./harnais.js";

test("the first exchange comes in pages and is complete only at the last", async () => {
  const server = unServeur();
  for (let n = 0; n < 7; n += 1) server.put({ type: "personne", id: unId(), version: 0, nom: `Exemple ${n}` });
  server.pageSize = 3;
  const phone = unTelephone({ server });
  const steps = [];
  await phone.prepare({}, (step) => steps.push(step));
  assert.deepEqual(steps, [{ recus: 3, restant: 4 }, { recus: 6, restant: 1 }, { recus: 7, restant: 0 }]);
  assert.equal(phone.etat.dossiers().length, 7);
  assert.deepEqual(await phone.store.get("meta", "premier_echange"), { complet: true });
});

test("a first exchange cut in the middle resumes at its page after a restart", async () => {
  const server = unServeur();
  for (let n = 0; n < 7; n += 1) server.put({ type: "personne", id: unId(), version: 0, nom: `Exemple ${n}` });
  server.pageSize = 3;
  server.faults = [undefined, undefined, "coupure"];
  const phone = unTelephone({ server });
  assert.equal((await phone.prepare()).resultat, "hors_ligne");
  assert.equal((await phone.courier.state()).texte.startsWith("Premier échange à terminer"), true);
  const again = phone.kill();
  await again.unlock.unlock({ phrase: "quatre jalons au bord du canal" });
  assert.equal(again.etat.dossiers().length, 6);
  await again.courier.send("en_ligne");
  assert.equal(again.etat.dossiers().length, 7);
  assert.equal((await again.courier.state()).etat, "vide");
});

test("a recorded contact is shown at once, waiting, and survives the death of the browser", async () => {
  const { phone, person } = await unTelephonePrepare();
  const draft = unEntretien(person.id);
  await phone.note(draft);
  assert.equal(phone.etat.dossier(person.id).entretiens[0].envoi, "en_attente");
  const again = phone.kill();
  await again.unlock.unlock({ phrase: "quatre jalons au bord du canal" });
  assert.equal(again.etat.dossier(person.id).entretiens[0].synthese, draft.champs.synthese);
  assert.match((await again.courier.state()).texte, /^1 à envoyer/);
});

test("a lost answer leaves one fact on the server and none in the outbox", async () => {
  const { phone, server, person } = await unTelephonePrepare();
  await phone.note(unEntretien(person.id));
  server.faults = ["reponse_perdue"];
  assert.equal((await phone.courier.send("main")).resultat, "hors_ligne");
  assert.equal(server.applied.length, 1);
  assert.equal((await phone.courier.state()).attente, 1);
  assert.equal((await phone.courier.send("main")).resultat, "fait");
  assert.equal(server.applied.length, 1);
  assert.equal((await phone.courier.state()).texte, "Tout est envoyé · 10 h");
});

test("the fact stays on screen between its acknowledgement and its return from the server", async () => {
  const { phone, person } = await unTelephonePrepare();
  await phone.note(unEntretien(person.id));
  await phone.courier.send("main");
  const [entretien] = phone.etat.dossier(person.id).entretiens;
  assert.equal(entretien.synthese, "Point sur les démarches.");
  assert.equal("envoi" in entretien, false);
});

for (const [name, fault] of [
  ["a captive portal's page", reponses.portail],
  ["a captive portal's JSON", reponses.portailJson],
  ["an opaque redirection", reponses.redirection],
  ["a 410 that our server did not sign", reponses.faux410],
]) {
  test(`${name} is not an answer`, async () => {
    const { phone, server, person } = await unTelephonePrepare();
    await phone.note(unEntretien(person.id));
    server.faults = [fault];
    await phone.courier.send("main");
    const state = await phone.courier.state();
    assert.match(state.texte, /^1 à envoyer · pas de connexion/);
    assert.equal(phone.etat.dossiers().length, 1);
    assert.equal((await phone.courier.send("main")).resultat, "fait");
  });
}

test("an expired session asks to log in again and keeps everything", async () => {
  const { phone, server, person } = await unTelephonePrepare();
  await phone.note(unEntretien(person.id));
  server.faults = [reponses.session];
  await phone.courier.send("main");
  const state = await phone.courier.state();
  assert.equal(state.etat, "reconnexion");
  assert.match(state.texte, /^1 à envoyer · reconnectez-vous, rien n’est perdu/);
});

test("Retry-After is honoured by everything but the person's own hand, across restarts", async () => {
  const { phone, server, person } = await unTelephonePrepare();
  await phone.note(unEntretien(person.id));
  const before = server.requests.length;
  server.faults = [reponses.attendre(120)];
  await phone.courier.send("minuterie");
  const again = phone.restart();
  for (const motif of ["chargement", "retour", "en_ligne", "saisie"]) {
    assert.equal((await again.courier.send(motif)).resultat, "patienter", motif);
  }
  assert.equal(server.requests.length, before);
  phone.clock.ms += 119_000;
  assert.equal((await again.courier.send("minuterie")).resultat, "patienter");
  phone.clock.ms += 1_000;
  assert.equal((await again.courier.send("minuterie")).resultat, "fait");
});

test("« Envoyer maintenant » tries at once, even while the server asks to wait", async () => {
  const { phone, server, person } = await unTelephonePrepare();
  await phone.note(unEntretien(person.id));
  server.faults = [reponses.attendre(120)];
  await phone.courier.send("minuterie");
  assert.equal((await phone.courier.send("main")).resultat, "fait");
});

test("the state says when the next try is, and how long the page has to count", async () => {
  const { phone, server, person } = await unTelephonePrepare({ rules: { random: () => 1 } });
  await phone.note(unEntretien(person.id));
  server.faults = [reponses.attendre(120)];
  await phone.courier.send("minuterie");
  const state = await phone.restart().courier.state();
  // L'aléa ne fait qu'ajouter à ce que le serveur demande : 120 s et jusqu'à trois dixièmes.
  assert.equal(state.patienter, 156);
  assert.equal(state.texte, "1 à envoyer · le serveur demande d’attendre un peu · prochain essai vers 10 h");
  phone.clock.ms += 156_000;
  assert.equal((await phone.courier.state()).patienter, 0);
});

test("after a cut, a timer waits but a return of the network does not", async () => {
  const { phone, server, person } = await unTelephonePrepare();
  await phone.note(unEntretien(person.id));
  server.faults = ["coupure"];
  await phone.courier.send("minuterie");
  assert.equal((await phone.courier.send("minuterie")).resultat, "patienter");
  assert.equal((await phone.courier.send("en_ligne")).resultat, "fait");
});

test("a cut asks the browser to wake us once, and a wake-up never asks for another", async () => {
  const wakes = [];
  const { phone, server, person } = await unTelephonePrepare({ rules: { wakeLater: () => wakes.push(1) } });
  await phone.note(unEntretien(person.id));
  server.faults = ["coupure", "coupure"];
  await phone.courier.send("saisie");
  await assert.rejects(phone.wake(), /hors_ligne/);
  assert.equal(wakes.length, 1);
  await phone.wake();
  assert.equal((await phone.courier.state()).etat, "vide");
});

test("a refused operation stays, with its reason, and does not stop the others", async () => {
  const { phone, server, person } = await unTelephonePrepare();
  const [wrong, right] = [unEntretien(person.id, { date: "2031-01-01" }), unEntretien(person.id)];
  server.refused.set(wrong.id, { date: ["La date est dans le futur."] });
  await phone.note(wrong, right);
  await phone.courier.send("main");
  assert.deepEqual(server.applied.map(({ id }) => id), [right.id]);
  const state = await phone.courier.state();
  assert.deepEqual([state.attente, state.refusees, state.etat], [0, 1, "refus"]);
  const again = phone.kill();
  await again.unlock.unlock({ phrase: "quatre jalons au bord du canal" });
  assert.deepEqual(again.etat.operation(wrong.id).erreurs, { date: ["La date est dans le futur."] });
  assert.equal(again.etat.record(person.id, wrong.entite).envoi, "refusee");
});

test("a corrected operation takes the place of the refused one under a new id that names it", async () => {
  const { phone, server, person } = await unTelephonePrepare();
  const wrong = unEntretien(person.id, { date: "2031-01-01" });
  server.refused.set(wrong.id, { date: ["La date est dans le futur."] });
  await phone.note(wrong);
  await phone.courier.send("main");
  await phone.note({ ...wrong, id: unId(), champs: { date: "2026-11-26" }, remplace: wrong.id });
  assert.equal((await phone.courier.send("main")).resultat, "fait");
  assert.equal(server.applied[0].remplace, wrong.id);
  assert.deepEqual([(await phone.courier.state()).attente, (await phone.courier.state()).refusees], [0, 0]);
});

test("a held operation waits and is offered again at the next exchange", async () => {
  const { phone, server, person } = await unTelephonePrepare();
  const draft = unEntretien(person.id);
  server.held.add(draft.id);
  await phone.note(draft);
  await phone.courier.send("main");
  assert.match((await phone.courier.state()).texte, /^1 à envoyer/);
  assert.equal(phone.etat.operation(draft.id).etat, "retenue");
  server.held.clear();
  await phone.courier.send("main");
  assert.equal(server.applied.length, 1);
  assert.equal((await phone.courier.state()).etat, "vide");
});

test("an operation the server cannot read is isolated and refused alone", async () => {
  const { phone, server, person } = await unTelephonePrepare();
  const drafts = [1, 2, 3, 4].map((n) => unEntretien(person.id, { synthese: `Contact ${n}` }));
  await phone.note(...drafts);
  const real = server.fetch;
  server.fetch = async (url, init) => {
    const text = new TextDecoder().decode(
      init.headers["Content-Encoding"] === "gzip"
        ? await new Response(new Blob([init.body]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer()
        : init.body,
    );
    return text.includes("Contact 3") ? reponses.invalide() : real(url, init);
  };
  assert.equal((await phone.courier.send("main")).resultat, "fait");
  assert.equal(server.applied.length, 3);
  assert.deepEqual(phone.etat.operation(drafts[2].id).erreurs, { general: ["Illisible."] });
});

test("the same form sent twice is one operation; changed, it is one more", async () => {
  const { phone, person } = await unTelephonePrepare();
  const draft = unEntretien(person.id);
  await phone.note(draft);
  await phone.note({ ...draft });
  assert.equal(phone.etat.operations().length, 1);
  await phone.note({ ...draft, champs: { synthese: "Corrigé." } });
  const [first, second] = phone.etat.operations();
  assert.notEqual(second.op.id, first.op.id);
  assert.equal(second.op.genre, "modifier_entretien");
  assert.deepEqual([first.op.compteur, second.op.compteur], [1, 2]);
  assert.equal(phone.etat.dossier(person.id).entretiens.length, 1);
});

test("a form re-opened after its fact was sent, then changed, is a correction of that fact", async () => {
  const { phone, server, person } = await unTelephonePrepare();
  const draft = unEntretien(person.id, { mesure_id: "m1" });
  await phone.note(draft);
  await phone.courier.send("main");
  await phone.note({ ...draft });
  assert.equal(phone.etat.operations().length, 0, "tel quel, rien de neuf");
  const again = phone.kill();
  await again.unlock.unlock({ phrase: "quatre jalons au bord du canal" });
  await again.note({ ...draft, champs: { ...draft.champs, synthese: "Corrigé." } });
  await again.courier.send("main");
  const last = server.applied.at(-1);
  assert.deepEqual([last.genre, last.entite, last.champs], ["modifier_entretien", draft.entite, { synthese: "Corrigé." }]);
});

test("a refused form sent again, changed, is its correction", async () => {
  const { phone, server, person } = await unTelephonePrepare();
  const wrong = unEntretien(person.id, { date: "2031-01-01" });
  server.refused.set(wrong.id, { date: ["La date est dans le futur."] });
  await phone.note(wrong);
  await phone.courier.send("main");
  await phone.note({ ...wrong, champs: { date: "2026-11-26" } });
  await phone.courier.send("main");
  assert.deepEqual([server.applied[0].genre, server.applied[0].remplace], ["noter_entretien", wrong.id]);
  assert.equal((await phone.courier.state()).etat, "vide");
});

test("a file that is no longer mine leaves once my work on it has landed", async () => {
  const { phone, server, person } = await unTelephonePrepare();
  const draft = unEntretien(person.id);
  server.held.add(draft.id);
  await phone.note(draft);
  server.records.delete(person.id);
  server.gone.add(person.id);
  server.removals = [person.id];
  await phone.courier.send("main");
  assert.ok(phone.etat.dossier(person.id), "un travail y attend encore");
  server.held.clear();
  await phone.courier.send("main");
  assert.equal(server.applied.length, 1);
  assert.equal(phone.etat.dossier(person.id), null);
  assert.deepEqual(await phone.store.all("dossiers"), []);
});

test("what moved to another file leaves the one that only waits for its work to land", async () => {
  const { phone, server, person } = await unTelephonePrepare();
  const other = unePersonne({ nom: "Autre" });
  const moved = { type: "entretien", id: unId(), personne_id: person.id, synthese: "Vu ensemble." };
  for (const record of [other, moved]) server.put(record);
  await phone.courier.send("main");
  assert.equal(phone.etat.dossierOf(moved.id).personne.id, person.id);

  const draft = unEntretien(person.id);
  server.held.add(draft.id);
  await phone.note(draft);
  server.put({ ...moved, personne_id: other.id });
  server.removals = [person.id];
  await phone.courier.send("main");
  const again = phone.kill();
  await again.unlock.unlock({ phrase: PHRASE });
  for (const each of [phone, again]) {
    assert.equal(each.etat.dossierOf(moved.id).personne.id, other.id);
    assert.deepEqual(each.etat.dossier(person.id).entretiens.map(({ id }) => id), [draft.entite]);
  }
});

const lastTold = (phone) => phone.pages.shared.messages.findLast(({ type }) => type === "envoi");

test("a removed file without pending work leaves the disk, and every page is told whose it was", async () => {
  const { phone, server, person } = await unTelephonePrepare();
  server.removals = [person.id];
  await phone.courier.send("main");
  assert.deepEqual([lastTold(phone).change, lastTold(phone).partis], [true, [person.id]]);
  assert.equal(phone.etat.dossier(person.id), null);
  assert.deepEqual(await phone.store.all("dossiers"), []);
});

test("a removed file that is being written on stays until its form is left alone for a day", async () => {
  const { phone, server, person } = await unTelephonePrepare();
  await phone.drafts.save((await phone.session.current()).cle, phone.etat.structure, `entretien:${person.id}`, []);
  server.removals = [person.id];
  await phone.courier.send("main");
  assert.ok(phone.etat.dossier(person.id), "un formulaire y est ouvert");
  assert.deepEqual(lastTold(phone).partis, []);
  phone.clock.ms += 25 * 3_600_000;
  await phone.courier.send("main");
  assert.equal(phone.etat.dossier(person.id), null);
  assert.deepEqual(lastTold(phone).partis, [person.id]);
});

test("a reference that changes alone is a change; an exchange that brings nothing is not", async () => {
  const { phone, server } = await unTelephonePrepare();
  await phone.courier.send("main");
  assert.equal(lastTold(phone).change, false);
  phone.etat.setReference({ ...phone.etat.reference, empreinte: "r0" });
  await phone.courier.send("main");
  assert.equal(lastTold(phone).change, true);
  assert.equal(server.requests.at(-1).reference, "r0");
});

test("two tabs that send together send once", async () => {
  const { phone, server, person } = await unTelephonePrepare();
  await phone.note(unEntretien(person.id));
  const before = server.requests.length;
  await Promise.all([phone.exchange.run(), phone.exchange.run()]);
  assert.equal(server.requests.length, before + 1);
});

test("what is written on disk holds neither the name nor the note", async () => {
  const { phone, person } = await unTelephonePrepare();
  await phone.note(unEntretien(person.id, { synthese: "CANARI-SYNTHESE" }));
  const everything = await phone.store.snapshot(["meta", "dossiers", "operations", "brouillons", "reference"]);
  const bytes = JSON.stringify(everything, (_key, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : value,
  );
  for (const canary of ["CANARI", "Exemple", "Inès", "Association d'essai", "Téléphone d'essai"]) assert.equal(bytes.includes(canary), false, canary);
});

test("a form names the version it showed, even when an exchange brought another one meanwhile", async () => {
  const { phone, server, person } = await unTelephonePrepare();
  const shown = phone.etat.copy(person.id).personne.version;
  server.put({ ...person, prenom: "Changé ailleurs" });
  await phone.courier.send("main");
  assert.notEqual(phone.etat.copy(person.id).personne.version, shown);
  const edit = { id: unId(), genre: "modifier_personne", entite: person.id, personne: person.id, champs: { prenom: "Tapé" }, base: shown };
  const [operation] = await phone.note(edit);
  assert.equal(operation.base, shown);
});

test("what is corrected before it leaves counts for one sheet, and all of it travels", async () => {
  const { phone, server, person } = await unTelephonePrepare();
  const draft = unEntretien(person.id);
  await phone.note(draft);
  await phone.note({ ...draft, id: unId(), genre: "modifier_entretien", champs: { duree: 30 } });
  await phone.note(unEntretien(person.id));
  const state = await phone.courier.state();
  assert.deepEqual([state.attente, state.operations, state.court], [2, 3, "2 à envoyer"]);
  server.faults = ["coupure"];
  await phone.courier.send("main");
  // Sous « 2 fiches à envoyer », l'écran ne redit pas combien.
  assert.match((await phone.courier.state()).detail, /^Pas de connexion/);
  await phone.courier.send("main");
  assert.equal(server.applied.length, 3);
});
