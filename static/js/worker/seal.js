/* Scellement : ce que le téléphone ne peut plus relire mais que le serveur saura ouvrir.
 *
 * ECDH P-256 éphémère → HKDF-SHA256 → AES-256-GCM. Enveloppe : point public non compressé (65 octets) ‖ vecteur (12) ‖ chiffré.
 * L'identifiant de l'opération lie l'enveloppe à elle seule (dérivation et données associées).
 */
import { concat, randomBytes, utf8 } from "./octets.js";

const CURVE = { name: "ECDH", namedCurve: "P-256" };

export async function deriveSealingKey(privateKey, publicKey, operationId, uses) {
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: publicKey }, privateKey, 256);
  const material = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: utf8(`jalon scellement v1|${operationId}`) },
    material,
    { name: "AES-GCM", length: 256 },
    false,
    uses,
  );
}

export const importPublicKey = (jwk) =>
  crypto.subtle.importKey("jwk", { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y }, CURVE, true, []);

/**
 * @param {object} operation  au moins {id}
 * @param {CryptoKey} serverKey  clé publique du serveur (`importPublicKey`)
 * @returns {Promise<Uint8Array>}
 */
export async function seal(operation, serverKey) {
  const ephemeral = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const key = await deriveSealingKey(ephemeral.privateKey, serverKey, operation.id, ["encrypt"]);
  const iv = randomBytes(12);
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: utf8(operation.id) },
    key,
    utf8(JSON.stringify(operation)),
  );
  const point = await crypto.subtle.exportKey("raw", ephemeral.publicKey);
  return concat(new Uint8Array(point), iv, new Uint8Array(sealed));
}
