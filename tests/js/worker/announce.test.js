import assert from "node:assert/strict";
import { test } from "node:test";

import { unEntretien, unServeur, unTelephone, unTelephonePrepare } from "./harnais.js";

const lastState = (phone) => phone.pages.shared.messages.findLast(({ type }) => type === "envoi").envoi;

test("a contact noted while waiting to try again is announced at once as waiting", async () => {
  const { phone, server, person } = await unTelephonePrepare();
  server.faults = ["coupure"];
  await phone.courier.send("main");
  assert.match(lastState(phone).texte, /^Rien à envoyer · pas de connexion/);
  await phone.note(unEntretien(person.id));
  await phone.courier.send("saisie");
  assert.match(lastState(phone).texte, /^1 à envoyer/);
});

test("a browser without a notebook says nothing of its sending", async () => {
  const phone = unTelephone({ server: unServeur() });
  assert.deepEqual(await phone.courier.send("chargement"), { resultat: "absent" });
  assert.deepEqual(phone.pages.shared.messages, []);
});
