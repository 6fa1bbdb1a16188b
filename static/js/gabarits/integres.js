/**
 * Les filtres et tests de Jinja2 admis dans les gabarits partagés.
 *
 * Chaque filtre reçoit tous ses paramètres : le compilateur a complété les valeurs par défaut d'après
 * la signature de Jinja2.
 */
import * as V from "./valeurs.js";

const size = (value) => {
  if (V.isText(value)) return [...V.text(value)].length;
  if (Array.isArray(value)) return value.length;
  if (value === undefined) return 0;
  if (V.isDict(value)) return Object.keys(value).length;
  throw new V.TemplateError("longueur d'une valeur qui n'en a pas");
};

/** Un texte de repli pour une valeur absente (ou fausse, si `boolean`). */
const fallback = (value, replacement, boolean) =>
  value === undefined || (V.truth(boolean) && !V.truth(value)) ? replacement : value;

function join(value, separator) {
  const items = V.iterate(value);
  if (separator instanceof V.Markup) return new V.Markup(items.map(V.show).join(separator.html));
  return items.some((item) => item instanceof V.Markup)
    ? new V.Markup(items.map(V.show).join(V.show(separator)))
    : items.map(V.text).join(V.text(separator));
}

/** Les blancs de `str.strip` : ceux de `trim` diffèrent (U+FEFF, U+0085, séparateurs ASCII). */
const BLANK = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const EDGES = new RegExp(`^${BLANK}+|${BLANK}+$`, "g");

/** Comme en Python : les clés dans l'ordre, sans `None` ni valeur absente, espace en tête. */
function htmlAttributes(value, autospace) {
  const written = V.entries(value)
    .filter(([, content]) => content !== null && content !== undefined)
    .map(([name, content]) => {
      if (/[ \t-\r/>=]/.test(name)) throw new V.TemplateError(`nom d'attribut impossible : ${name}`);
      return `${V.escapeText(name)}="${V.show(content)}"`;
    })
    .join(" ");
  return new V.Markup(V.truth(autospace) && written ? ` ${written}` : written);
}

export const filters = {
  default: fallback,
  length: size,
  join,
  first: (value) => V.iterate(value)[0],
  last: (value) => V.iterate(value).at(-1),
  list: (value) => [...V.iterate(value)],
  items: (value) => (value === undefined ? [] : V.entries(value)),
  upper: (value) => V.keep(value, (content) => content.toUpperCase()),
  lower: (value) => V.keep(value, (content) => content.toLowerCase()),
  trim: (value) => V.keep(value, (content) => content.replace(EDGES, "")),
  escape: V.escaped,
  string: V.soft,
  xmlattr: htmlAttributes,
};

/** `map` et `selectattr` de Jinja2 tiennent toute valeur fausse pour une liste vide. */
const lenient = (value) => (V.truth(value) ? V.iterate(value) : []);

const at = (value, path) => path.reduce(V.item, value);

/** `map(attribute="a.b")`. */
export const pluck = (value, path) => lenient(value).map((item) => at(item, path));

/** `selectattr` (`wanted` vrai) et `rejectattr` (`wanted` faux). */
export const select = (value, path, wanted, test, args) =>
  lenient(value).filter((item) => test(at(item, path), ...args) === wanted);

const remainder = (value, by) => V.modulo(value, by);

export const tests = {
  defined: (value) => value !== undefined,
  undefined: (value) => value === undefined,
  none: (value) => value === null,
  true: (value) => value === true,
  false: (value) => value === false,
  boolean: (value) => typeof value === "boolean",
  integer: (value) => typeof value === "number",
  number: (value) => typeof value === "number" || typeof value === "boolean",
  string: V.isText,
  mapping: V.isDict,
  odd: (value) => remainder(value, 2) === 1,
  even: (value) => remainder(value, 2) === 0,
  divisibleby: (value, by) => remainder(value, by) === 0,
  in: (value, container) => V.contains(container, value),
  eq: V.equal,
  ne: (value, other) => !V.equal(value, other),
  gt: (value, other) => V.compare(value, other) > 0,
  ge: (value, other) => V.compare(value, other) >= 0,
  lt: (value, other) => V.compare(value, other) < 0,
  le: (value, other) => V.compare(value, other) <= 0,
};
