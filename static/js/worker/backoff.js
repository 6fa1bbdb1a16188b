/* Attendre avant de réessayer : ce que le serveur demande (Retry-After), sinon de plus en plus, avec un aléa pour que cent
 * téléphones rentrés au bureau ne frappent pas au même instant. */

const SECOND = 1000;
const FIRST = 5 * SECOND;
const LONGEST = 15 * 60 * SECOND;

/** Secondes, ou date ; null si l'en-tête manque ou n'a pas de sens. Réponse en millisecondes. */
export function readRetryAfter(header, now) {
  if (!header) return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * SECOND;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** @param {{echecs: number}} previous  @returns {{echecs: number, prochain: number}} */
export function nextTry(previous, { now, demande = null, hasard }) {
  const echecs = previous.echecs + 1;
  const base = demande ?? Math.min(LONGEST, FIRST * 2 ** (echecs - 1));
  // Jamais plus tôt que demandé : l'aléa ne fait qu'ajouter.
  return { echecs, prochain: now + base + Math.round(base * 0.3 * hasard) };
}

export const REST = Object.freeze({ echecs: 0, prochain: 0 });
