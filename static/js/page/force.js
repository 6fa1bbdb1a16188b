/* La solidité d'une phrase de passe, en bits : ce qu'il faudrait d'essais à quelqu'un qui aurait le téléphone et du temps.
 *
 * Deux lectures, et la plus sévère l'emporte : lettre par lettre (un mot de passe) et mot par mot (une phrase, dont un mot courant ne
 * vaut que le choix de ce mot). Répétitions et suites ne comptent pas.
 */

const ENOUGH = 80;
export const LEAST = 50;

/** Bits d'un mot choisi par quelqu'un : les petits mots se devinent, les autres valent un tirage parmi quelques milliers. */
const WORD = 12;
const SMALL = 3;

const SEQUENCES = ["abcdefghijklmnopqrstuvwxyz", "azertyuiopqsdfghjklmwxcvbn", "qwertyuiop", "0123456789"];

const alphabet = (text) =>
  (/[a-z]/.test(text) ? 26 : 0) +
  (/[A-Z]/.test(text) ? 26 : 0) +
  (/[0-9]/.test(text) ? 10 : 0) +
  (/[^A-Za-z0-9]/.test(text) ? 20 : 0);

const follows = (a, b) => SEQUENCES.some((sequence) => sequence.includes(a + b) || sequence.includes(b + a));

function byLetters(text) {
  const bits = Math.log2(Math.max(2, alphabet(text)));
  let total = 0;
  for (let index = 0; index < text.length; index += 1) {
    const before = text[index - 1]?.toLowerCase();
    const letter = text[index].toLowerCase();
    total += before && (letter === before || follows(before, letter)) ? 1 : bits;
  }
  return total;
}

function wordBits(word) {
  if (word.length <= 3) return SMALL;
  // Un « mot » fait de chiffres ou de signes n'est pas un mot : il vaut ses lettres.
  return /^\p{L}+$/u.test(word) ? Math.min(WORD, byLetters(word)) : byLetters(word);
}

function byWords(text) {
  const words = text.toLowerCase().split(/[\s,;:.!?'’-]+/).filter(Boolean);
  return [...new Set(words)].reduce((total, word) => total + wordBits(word), 0);
}

export function strength(phrase) {
  const text = phrase.normalize("NFKC").trim().replace(/\s+/g, " ");
  return text ? Math.floor(Math.min(byLetters(text), byWords(text))) : 0;
}

const SAY = [
  [25, "Trop courte\u202f: elle se trouverait en quelques minutes."],
  [LEAST, "Encore faible\u202f: ajoutez deux ou trois mots sans rapport entre eux."],
  [65, "Convenable\u202f: un mot de plus la rendrait solide."],
  [ENOUGH, "Solide\u202f: encore un mot et elle tiendra face à n’importe qui."],
  [Infinity, "Très solide."],
];

export function describe(bits) {
  return SAY.find(([limit]) => bits < limit)[1];
}
