import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { text, toBase64url, utf8 } from "../../../static/js/worker/octets.js";
import { deriveSealingKey, importPublicKey, seal } from "../../../static/js/worker/seal.js";
import { unEntretien, unTelephonePrepare } from "./harnais.js";

const corpus = JSON.parse(await readFile(new URL("../../corpus/scellement.json", import.meta.url)));
const CURVE = { name: "ECDH", namedCurve: "P-256" };

const fromBase64url = (value) => Uint8Array.from(Buffer.from(value, "base64url"));

/** Ce que fait le serveur, refait ici pour relire l'enveloppe. */
async function open(bytes, operationId, privateKey) {
  const point = await crypto.subtle.importKey("raw", bytes.subarray(0, 65), CURVE, true, []);
  const key = await deriveSealingKey(privateKey, point, operationId, ["decrypt"]);
  const clear = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: bytes.subarray(65, 77), additionalData: utf8(operationId) },
    key,
    bytes.subarray(77),
  );
  return JSON.parse(text(new Uint8Array(clear)));
}

const privateKey = () => crypto.subtle.importKey("jwk", corpus.cle.privee, CURVE, false, ["deriveBits"]);

for (const { nom, operation, donnees } of corpus.plis) {
  test(`the server's key opens the sealed case: ${nom}`, async () => {
    assert.deepEqual(await open(fromBase64url(donnees), operation.id, await privateKey()), operation);
  });

  test(`sealing again gives other bytes and the same content: ${nom}`, async () => {
    const sealed = await seal(operation, await importPublicKey(corpus.cle.publique));
    assert.notEqual(toBase64url(sealed), donnees);
    assert.deepEqual(await open(sealed, operation.id, await privateKey()), operation);
  });
}

test("an envelope put under another operation's id does not open", async () => {
  const [first, second] = corpus.plis;
  await assert.rejects(open(fromBase64url(first.donnees), second.operation.id, await privateKey()), { name: "OperationError" });
});

test("a flipped bit anywhere closes the envelope", async () => {
  const bytes = fromBase64url(corpus.plis[0].donnees);
  for (const position of [70, 80, bytes.length - 1]) {
    const altered = bytes.slice();
    altered[position] ^= 1;
    await assert.rejects(open(altered, corpus.plis[0].operation.id, await privateKey()));
  }
});

test("what an exchange or a correction settled while a deposit travelled does not come back", async () => {
  const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  const sealingKey = { id: "cle-1", publique: await crypto.subtle.exportKey("jwk", pair.publicKey) };
  const { phone, server, person } = await unTelephonePrepare({ sealingKey });
  const [delivered, waiting] = [unEntretien(person.id), unEntretien(person.id)];
  await phone.note(delivered, waiting);
  const real = server.fetch;
  server.fetch = async (url, init) => {
    server.fetch = real;
    const response = await real(url, init);
    await phone.store.write(["operations"], (objects) => objects("operations").delete(delivered.id));
    return response;
  };
  await phone.deposit();
  const rows = await phone.store.all("operations");
  assert.deepEqual(rows.map(({ id, deposee }) => [id, deposee]), [[waiting.id, true]]);
});
