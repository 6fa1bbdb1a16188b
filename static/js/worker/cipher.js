/* Chiffrement d'une valeur JSON : AES-256-GCM, vecteur de 12 octets tiré à chaque fois et placé devant.
 *
 * Les données associées disent où la valeur est rangée (structure/magasin/identifiant/version) : un contenu déplacé d'une
 * personne à l'autre, ou remis sous une autre version, ne se déchiffre pas.
 */
import { concat, randomBytes, text, utf8 } from "./octets.js";

const IV_BYTES = 12;

export const place = (structure, store, id, version) => `${structure}/${store}/${id}/${version}`;

export async function encrypt(key, value, where) {
  const iv = randomBytes(IV_BYTES);
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: utf8(where) },
    key,
    utf8(JSON.stringify(value)),
  );
  return concat(iv, new Uint8Array(sealed));
}

export async function decrypt(key, bytes, where) {
  const clear = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: bytes.subarray(0, IV_BYTES), additionalData: utf8(where) },
    key,
    bytes.subarray(IV_BYTES),
  );
  return JSON.parse(text(clear));
}
