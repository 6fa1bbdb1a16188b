/* Phrases de passe fausses : une attente qui grandit, gardée sur le disque pour survivre à un redémarrage, puis la destruction de
 * la clé enveloppée. Fonctions pures ; l'heure est donnée en millisecondes. */

const LIMIT = 10;
const SECOND = 1000;
const WAITS = [0, 0, 0, 5, 15, 60, 300, 900, 1800, 3600].map((seconds) => seconds * SECOND);
const LONGEST = Math.max(...WAITS);

export const NONE = Object.freeze({ n: 0, jusqua: 0 });

/** L'essai compte dès qu'il commence : tuer le navigateur pendant le calcul n'en rend pas un gratuit. */
export function begin(attempts, now) {
  const n = attempts.n + 1;
  return { n, jusqua: now + WAITS[Math.min(n, WAITS.length - 1)] };
}

/** Millisecondes à attendre. Une horloge reculée ne bloque pas au-delà de la plus longue attente. */
export const waiting = (attempts, now) => Math.min(Math.max(0, attempts.jusqua - now), LONGEST);

export const exhausted = (attempts) => attempts.n >= LIMIT;
export const left = (attempts) => Math.max(0, LIMIT - attempts.n);
