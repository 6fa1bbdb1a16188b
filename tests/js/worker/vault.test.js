import assert from "node:assert/strict";
import { test } from "node:test";

import { decrypt, encrypt, place } from "../../../static/js/worker/cipher.js";
import { createVault, openWithPhrase, openWithPrf } from "../../../static/js/worker/vault.js";
import { makeVerifier, matches } from "../../../static/js/worker/code.js";

const PHRASE = "quatre jalons au bord du canal";
const iterations = 1000;
const here = place("structure", "dossiers", "a", 3);

test("the passphrase that made the vault opens it, whatever the composition of its accents", async () => {
  const { key, envelopes } = await createVault({ phrase: "été à Toul près d'ici", iterations });
  const sealed = await encrypt(key, { nom: "Exemple" }, here);
  const opened = await openWithPhrase(envelopes, "  été à  Toul près d'ici ".normalize("NFD"));
  assert.deepEqual(await decrypt(opened, sealed, here), { nom: "Exemple" });
});

test("a wrong passphrase opens nothing", async () => {
  const { envelopes } = await createVault({ phrase: PHRASE, iterations });
  assert.equal(await openWithPhrase(envelopes, `${PHRASE}.`), null);
});

test("the passkey secret opens the same key as the passphrase", async () => {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const prf = { secret, identifiant: new Uint8Array(16), sel: crypto.getRandomValues(new Uint8Array(32)) };
  const { key, envelopes } = await createVault({ phrase: PHRASE, prf, iterations });
  const sealed = await encrypt(key, { n: 1 }, here);
  assert.deepEqual(await decrypt(await openWithPrf(envelopes, secret), sealed, here), { n: 1 });
  assert.equal(await openWithPrf(envelopes, new Uint8Array(32)), null);
});

test("no envelope carries an unwrapped key", async () => {
  const { key, envelopes } = await createVault({ phrase: PHRASE, iterations });
  assert.equal(key.extractable, false);
  const values = Object.values(envelopes.phrase);
  assert.ok(values.every((value) => !(value instanceof CryptoKey)));
  assert.equal(envelopes.phrase.cle.byteLength, 48, "32 octets de clé et 16 de contrôle");
});

test("an altered envelope opens nothing", async () => {
  const { envelopes } = await createVault({ phrase: PHRASE, iterations });
  envelopes.phrase.cle[5] ^= 1;
  assert.equal(await openWithPhrase(envelopes, PHRASE), null);
});

test("a flipped bit makes a record unreadable", async () => {
  const { key } = await createVault({ phrase: PHRASE, iterations });
  const sealed = await encrypt(key, { nom: "Exemple" }, here);
  for (const position of [0, 12, sealed.length - 1]) {
    const altered = sealed.slice();
    altered[position] ^= 1;
    await assert.rejects(decrypt(key, altered, here), { name: "OperationError" });
  }
});

test("a record moved to another person, version, store or structure is unreadable", async () => {
  const { key } = await createVault({ phrase: PHRASE, iterations });
  const sealed = await encrypt(key, { nom: "Exemple" }, here);
  const elsewhere = [
    place("structure", "dossiers", "b", 3),
    place("structure", "dossiers", "a", 4),
    place("structure", "operations", "a", 3),
    place("autre", "dossiers", "a", 3),
  ];
  for (const where of elsewhere) await assert.rejects(decrypt(key, sealed, where), { name: "OperationError" });
});

test("the short code is verified, not kept", async () => {
  const verifier = await makeVerifier("4807");
  assert.equal(JSON.stringify(verifier).includes("4807"), false);
  assert.equal(await matches(verifier, "4807"), true);
  assert.equal(await matches(verifier, "4808"), false);
  await assert.rejects(makeVerifier("12"), TypeError);
});
