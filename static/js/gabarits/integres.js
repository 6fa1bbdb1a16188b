/**
 * Les filtres et tests de Jinja2 admis dans les gabarits partagés.
 *
 * Chaque filtre reçoit tous ses paramètres : le compilateur a complété les valeurs par défaut d'après
 * la signature de Jinja2.
 */
import * as V from "./valeurs.js";

// Une fonction par filtre et par test : le téléphone ne reçoit que celles qu'un gabarit emploie.

export const filter_length = (value) => {
  if (V.isText(value)) return [...V.text(value)].length;
  if (Array.isArray(value)) return value.length;
  if (value === undefined) return 0;
  if (V.isDict(value)) return Object.keys(value).length;
  throw new V.TemplateError("longueur d'une valeur qui n'en a pas");
};

/** Un texte de repli pour une valeur absente (ou fausse, si `boolean`). */
export const filter_default = (value, replacement, boolean) =>
  value === undefined || (V.truth(boolean) && !V.truth(value)) ? replacement : value;

export function filter_join(value, separator) {
  const items = V.iterate(value);
  if (separator instanceof V.Markup) return new V.Markup(items.map(V.show).join(separator.html));
  return items.some((item) => item instanceof V.Markup)
    ? new V.Markup(items.map(V.show).join(V.show(separator)))
    : items.map(V.text).join(V.text(separator));
}

/** Les blancs de `str.strip` : ceux de `trim` diffèrent (U+FEFF, U+0085, séparateurs ASCII). */
const BLANK = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";

export const filter_trim = (value) =>
  V.keep(value, (content) => content.replace(new RegExp(`^${BLANK}+|${BLANK}+$`, "g"), ""));

/** Comme en Python : les clés dans l'ordre, sans `None` ni valeur absente, espace en tête. */
export function filter_xmlattr(value, autospace) {
  const written = V.entries(value)
    .filter(([, content]) => content !== null && content !== undefined)
    .map(([name, content]) => {
      if (/[ \t-\r/>=]/.test(name)) throw new V.TemplateError(`nom d'attribut impossible : ${name}`);
      return `${V.escapeText(name)}="${V.show(content)}"`;
    })
    .join(" ");
  return new V.Markup(V.truth(autospace) && written ? ` ${written}` : written);
}

export const filter_first = (value) => V.iterate(value)[0];
export const filter_last = (value) => V.iterate(value).at(-1);
export const filter_list = (value) => [...V.iterate(value)];
export const filter_items = (value) => (value === undefined ? [] : V.entries(value));
export const filter_upper = (value) => V.keep(value, (content) => content.toUpperCase());
export const filter_lower = (value) => V.keep(value, (content) => content.toLowerCase());
export const filter_escape = V.escaped;
export const filter_string = V.soft;

/** `map` et `selectattr` de Jinja2 tiennent toute valeur fausse pour une liste vide. */
const lenient = (value) => (V.truth(value) ? V.iterate(value) : []);

const at = (value, path) => path.reduce(V.item, value);

/** `map(attribute="a.b")`. */
export const pluck = (value, path) => lenient(value).map((item) => at(item, path));

/** `selectattr` (`wanted` vrai) et `rejectattr` (`wanted` faux). */
export const select = (value, path, wanted, test, args) =>
  lenient(value).filter((item) => test(at(item, path), ...args) === wanted);

const remainder = (value, by) => V.modulo(value, by);

export const is_defined = (value) => value !== undefined;
export const is_undefined = (value) => value === undefined;
export const is_none = (value) => value === null;
export const is_true = (value) => value === true;
export const is_false = (value) => value === false;
export const is_boolean = (value) => typeof value === "boolean";
export const is_integer = (value) => typeof value === "number";
export const is_number = (value) => typeof value === "number" || typeof value === "boolean";
export const is_string = V.isText;
export const is_mapping = V.isDict;
export const is_odd = (value) => remainder(value, 2) === 1;
export const is_even = (value) => remainder(value, 2) === 0;
export const is_divisibleby = (value, by) => remainder(value, by) === 0;
export const is_in = (value, container) => V.contains(container, value);
export const is_eq = V.equal;
export const is_ne = (value, other) => !V.equal(value, other);
export const is_gt = (value, other) => V.compare(value, other) > 0;
export const is_ge = (value, other) => V.compare(value, other) >= 0;
export const is_lt = (value, other) => V.compare(value, other) < 0;
export const is_le = (value, other) => V.compare(value, other) <= 0;
