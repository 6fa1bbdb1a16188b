/* Le code court : il ne protège rien au repos (on l'essaierait en entier hors ligne), il ne fait que rouvrir une session dont la
 * clé est encore en mémoire. Son empreinte est rangée chiffrée par la clé de données, et n'existe en clair qu'en mémoire. */
import { randomBytes, utf8 } from "./octets.js";

export const TRIES = 5;
const ITERATIONS = 100_000;

async function digest(code, salt, iterations) {
  const material = await crypto.subtle.importKey("raw", utf8(code), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, material, 256);
  return [...new Uint8Array(bits)];
}

const isCode = (code) => /^\d{4,8}$/.test(code);

export async function makeVerifier(code) {
  if (!isCode(code)) throw new TypeError("Le code a de 4 à 8 chiffres.");
  const salt = randomBytes(16);
  return { sel: [...salt], iterations: ITERATIONS, empreinte: await digest(code, salt, ITERATIONS) };
}

export async function matches(verifier, code) {
  const computed = await digest(code, Uint8Array.from(verifier.sel), verifier.iterations);
  let difference = 0;
  computed.forEach((byte, index) => {
    difference |= byte ^ verifier.empreinte[index];
  });
  return difference === 0;
}
