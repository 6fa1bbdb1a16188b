/* Le coffre : une clé de données AES-256 tirée au hasard, qui n'est jamais écrite qu'enveloppée.
 *
 * Deux enveloppes possibles, l'une ou l'autre ou les deux : la phrase de passe (PBKDF2-SHA256) et la clé d'accès du téléphone
 * (sortie PRF de WebAuthn, 32 octets). Une CryptoKey nue n'entre jamais dans IndexedDB : ses octets y resteraient lisibles sur
 * le disque, même non extractible, même effacée.
 */
import { randomBytes, utf8 } from "./octets.js";

export const ITERATIONS = 600_000;
const GCM = (iv, purpose) => ({ name: "AES-GCM", iv, additionalData: utf8(`jalon/coffre/${purpose}`) });
const WRAPPING = ["wrapKey", "unwrapKey"];
const DATA_USES = ["encrypt", "decrypt"];

/** Deux frappes de la même phrase doivent donner la même clé quel que soit le clavier (accents composés, espaces doublés). */
const normalisePhrase = (phrase) => phrase.normalize("NFKC").trim().replace(/\s+/g, " ");

async function keyFromPhrase(phrase, salt, iterations) {
  const material = await crypto.subtle.importKey("raw", utf8(normalisePhrase(phrase)), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations },
    material,
    { name: "AES-GCM", length: 256 },
    false,
    WRAPPING,
  );
}

async function keyFromPrf(secret, salt) {
  if (secret.byteLength !== 32) throw new TypeError("La clé d’accès doit rendre 32 octets.");
  const material = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt, info: utf8("jalon coffre v1|prf") },
    material,
    { name: "AES-GCM", length: 256 },
    false,
    WRAPPING,
  );
}

async function wrap(dataKey, wrappingKey, purpose) {
  const iv = randomBytes(12);
  const wrapped = await crypto.subtle.wrapKey("raw", dataKey, wrappingKey, GCM(iv, purpose));
  return { iv, cle: new Uint8Array(wrapped) };
}

/** Rend la clé de données, ou null si le secret n'est pas le bon ou si l'enveloppe a été altérée. */
async function unwrap(envelope, wrappingKey, purpose, { extractable = false } = {}) {
  try {
    return await crypto.subtle.unwrapKey(
      "raw",
      envelope.cle,
      wrappingKey,
      GCM(envelope.iv, purpose),
      "AES-GCM",
      extractable,
      DATA_USES,
    );
  } catch (error) {
    if (error.name === "OperationError") return null;
    throw error;
  }
}

async function phraseEnvelope(dataKey, phrase, iterations) {
  const sel = randomBytes(16);
  return { sel, iterations, ...(await wrap(dataKey, await keyFromPhrase(phrase, sel, iterations), "phrase")) };
}

/**
 * @param {{phrase?: string, prf?: {secret: Uint8Array, identifiant: Uint8Array, sel: Uint8Array}, iterations?: number}} secrets
 * @returns {Promise<{key: CryptoKey, envelopes: {phrase: object|null, prf: object|null}}>} les enveloppes seules s'enregistrent
 */
export async function createVault({ phrase, prf, iterations = ITERATIONS }) {
  if (!phrase && !prf) throw new TypeError("Un coffre s’ouvre par une phrase ou par une clé d’accès.");
  const extractable = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, DATA_USES);
  const envelopes = { phrase: null, prf: null };
  if (phrase) envelopes.phrase = await phraseEnvelope(extractable, phrase, iterations);
  if (prf) {
    const wrapped = await wrap(extractable, await keyFromPrf(prf.secret, prf.sel), "prf");
    envelopes.prf = { sel: prf.sel, identifiant: prf.identifiant, ...wrapped };
  }
  const raw = await crypto.subtle.exportKey("raw", extractable);
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, DATA_USES);
  new Uint8Array(raw).fill(0);
  return { key, envelopes };
}

export async function openWithPhrase(envelopes, phrase) {
  if (!envelopes?.phrase) return null;
  const { sel, iterations } = envelopes.phrase;
  return unwrap(envelopes.phrase, await keyFromPhrase(phrase, sel, iterations), "phrase");
}

export async function openWithPrf(envelopes, secret) {
  if (!envelopes.prf) return null;
  return unwrap(envelopes.prf, await keyFromPrf(secret, envelopes.prf.sel), "prf");
}

/**
 * La même clé, sous une phrase neuve : l'ancienne enveloppe disparaît de celles qui sont rendues. La clé n'est extractible que le temps
 * d'être enveloppée de nouveau, et ne sort pas d'ici.
 * @returns {Promise<object|null>} les enveloppes à écrire, ou null si `phrase` n'est pas la bonne
 */
export async function rewrap(envelopes, { phrase, wanted, iterations = ITERATIONS }) {
  if (!envelopes.phrase) return null;
  const { sel, iterations: before } = envelopes.phrase;
  const key = await unwrap(envelopes.phrase, await keyFromPhrase(phrase, sel, before), "phrase", { extractable: true });
  return key && { ...envelopes, phrase: await phraseEnvelope(key, wanted, iterations) };
}
