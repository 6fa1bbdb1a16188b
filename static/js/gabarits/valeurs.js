/**
 * Les valeurs vues comme Jinja2 les voit : vérité, égalité, texte, échappement, accès.
 *
 * Un contexte est du JSON ; `undefined` tient lieu de l'`Undefined` de Jinja2 et `Markup` du HTML déjà
 * sûr. Ce que Python accepterait mais que ce module ne sait pas rendre à l'identique (imprimer une
 * liste, un nombre à virgule…) lève `OutOfSubset` : jamais un HTML différent en silence.
 */

export class TemplateError extends Error {}

/** Python l'accepterait, le sous-ensemble commun non. */
export class OutOfSubset extends TemplateError {}

/** Du HTML déjà échappé : sortie d'une macro, d'un bloc capturé, d'un filtre qui échappe. */
export class Markup {
  constructor(html) {
    this.html = html;
  }

  toString() {
    return this.html;
  }
}

/** Ce qui n'est pas une donnée : macro, module importé, variable `loop`. */
export class Opaque {}

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&#39;", '"': "&#34;" };

const SPECIAL = /[&<>'"]/;

/** La plupart des textes n'ont rien à échapper : on le voit avant de remplacer. */
export const escapeText = (content) =>
  SPECIAL.test(content) ? content.replace(/[&<>'"]/g, (character) => ENTITIES[character]) : content;

export const isDict = (value) =>
  value !== null &&
  typeof value === "object" &&
  !Array.isArray(value) &&
  !(value instanceof Markup) &&
  !(value instanceof Opaque);

export const isText = (value) => typeof value === "string" || value instanceof Markup;

const isNumber = (value) => typeof value === "number" || typeof value === "boolean";

const kind = (value) => (value === null ? "None" : Array.isArray(value) ? "liste" : typeof value);

/** `str(value)`, sans le caractère sûr d'un `Markup`. */
export function text(value) {
  if (typeof value === "string") return value;
  if (value instanceof Markup) return value.html;
  if (value === undefined) return "";
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (Number.isSafeInteger(value)) return String(value);
  throw new OutOfSubset(`${kind(value)} ne s'imprime pas dans un gabarit`);
}

/** Ce qu'écrit `{{ value }}`. */
export function show(value) {
  if (typeof value === "string") return escapeText(value);
  return value instanceof Markup ? value.html : escapeText(text(value));
}

export const escaped = (value) => (value instanceof Markup ? value : new Markup(escapeText(text(value))));

/** `soft_str` : un `Markup` le reste. */
export const soft = (value) => (value instanceof Markup ? value : text(value));

/** Applique une fonction de texte en gardant le caractère sûr de l'entrée. */
export const keep = (value, transform) =>
  value instanceof Markup ? new Markup(transform(value.html)) : transform(text(value));

export function truth(value) {
  if (value instanceof Markup) return value.html !== "";
  if (Array.isArray(value)) return value.length > 0;
  if (isDict(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

export const and = (left, right) => (truth(left) ? right() : left);

export const or = (left, right) => (truth(left) ? left : right());

export function equal(left, right) {
  if (isText(left) && isText(right)) return text(left) === text(right);
  if (isNumber(left) && isNumber(right)) return Number(left) === Number(right);
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => equal(item, right[index]));
  }
  if (isDict(left) && isDict(right)) {
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && equal(left[key], right[key]))
    );
  }
  return left === right;
}

/** Ordre des points de code, comme Python : celui de JavaScript suit les unités UTF-16. */
function compareText(left, right) {
  const a = [...left];
  const b = [...right];
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const gap = a[index].codePointAt(0) - b[index].codePointAt(0);
    if (gap) return gap;
  }
  return a.length - b.length;
}

/** Négatif, nul ou positif selon l'ordre de deux nombres ou de deux textes. */
export function compare(left, right) {
  if (isNumber(left) && isNumber(right)) return Number(left) - Number(right);
  if (isText(left) && isText(right)) return compareText(text(left), text(right));
  if (Array.isArray(left) && Array.isArray(right)) throw new OutOfSubset("ordre de deux listes");
  throw new TemplateError(`ordre impossible entre ${kind(left)} et ${kind(right)}`);
}

export function contains(container, value) {
  if (isText(container)) {
    if (!isText(value)) throw new TemplateError(`« in » : ${kind(value)} cherché dans un texte`);
    return text(container).includes(text(value));
  }
  if (container === undefined) return false;
  if (Array.isArray(container)) return container.some((item) => equal(item, value));
  if (isDict(container)) {
    if (Array.isArray(value) || isDict(value)) throw new TemplateError("« in » : clé qui n'en est pas une");
    return isText(value) && Object.hasOwn(container, text(value));
  }
  throw new TemplateError(`« in » : ${kind(container)} ne contient rien`);
}

function ownValue(dict, key) {
  return Object.hasOwn(dict, key) ? dict[key] : undefined;
}

/** `value.name` ; le compilateur a écarté les noms de méthodes de Python. */
export function attribute(value, name) {
  if (value === undefined) throw new TemplateError(`« ${name} » demandé à une valeur absente`);
  if (value instanceof Opaque) return value.attribute(name);
  return isDict(value) ? ownValue(value, name) : undefined;
}

/** `value[key]` ; une clé de texte absente qui serait une méthode de Python est refusée. */
export function item(value, key) {
  if (value === undefined) throw new TemplateError("élément demandé à une valeur absente");
  if (value instanceof Opaque) throw new OutOfSubset("élément d'une macro ou d'un module");
  if (isText(key)) {
    const name = text(key);
    if (isDict(value)) {
      if (!Object.hasOwn(value, name) && DICT_METHODS.has(name)) throw new OutOfSubset(`clé « ${name} »`);
      if (name.startsWith("__") && !Object.hasOwn(value, name)) throw new OutOfSubset(`clé « ${name} »`);
      return ownValue(value, name);
    }
    if (value === null && !name.startsWith("__")) return undefined;
    throw new OutOfSubset(`clé « ${name} » demandée à ${kind(value)}`);
  }
  if (!isNumber(key)) return undefined;
  const index = Number(key);
  if (Array.isArray(value)) return value.at(index);
  if (value instanceof Markup) return wrapCharacter([...value.html].at(index));
  if (typeof value === "string") return [...value].at(index);
  return undefined;
}

const wrapCharacter = (character) => (character === undefined ? undefined : new Markup(character));

const DICT_METHODS = new Set(
  "clear copy fromkeys get items keys pop popitem setdefault update values".split(" "),
);

/** `value[start:stop]`. */
export function slice(value, start, stop) {
  const bound = (limit) => {
    if (limit === null) return undefined;
    if (!isNumber(limit)) throw new TemplateError("borne de tranche qui n'est pas un entier");
    return Number(limit);
  };
  const cut = (list) => list.slice(bound(start), bound(stop));
  if (Array.isArray(value)) return cut(value);
  if (isText(value)) return keep(value, (content) => cut([...content]).join(""));
  throw new TemplateError(`tranche de ${kind(value)}`);
}

/** Les clés dans l'ordre du JSON : celles qui ressemblent à un entier, JavaScript les déplacerait. */
export function keys(dict) {
  const names = Object.keys(dict);
  if (names.some((name) => /^\d+$/.test(name))) throw new OutOfSubset("clé entière dans un objet parcouru");
  return names;
}

export function entries(value) {
  if (!isDict(value)) throw new TemplateError(`${kind(value)} n'a pas d'entrées`);
  return keys(value).map((key) => [key, value[key]]);
}

export const values = (value) => entries(value).map((entry) => entry[1]);

/** Ce que parcourt `for`, en tableau. */
export function iterate(value) {
  if (Array.isArray(value)) return value;
  if (value === undefined) return [];
  if (isText(value)) return [...text(value)];
  if (isDict(value)) return keys(value);
  throw new TemplateError(`${kind(value)} ne se parcourt pas`);
}

/** `for a, b in …` : autant de valeurs que de noms. */
export function unpack(value, count) {
  const list = iterate(value);
  if (list.length !== count) throw new TemplateError(`${count} valeurs attendues, ${list.length} reçues`);
  return list;
}

function numeric(left, right, compute) {
  if (!isNumber(left) || !isNumber(right)) {
    if (isText(left) || isText(right) || Array.isArray(left) || Array.isArray(right)) {
      throw new OutOfSubset("calcul sur un texte ou une liste");
    }
    throw new TemplateError(`calcul entre ${kind(left)} et ${kind(right)}`);
  }
  const result = compute(Number(left), Number(right));
  if (!Number.isSafeInteger(result)) throw new OutOfSubset("calcul hors des entiers");
  return result;
}

export function add(left, right) {
  if (isText(left) && isText(right)) {
    const safe = left instanceof Markup || right instanceof Markup;
    return safe ? new Markup(show(left) + show(right)) : left + right;
  }
  if (Array.isArray(left) && Array.isArray(right)) return left.concat(right);
  return numeric(left, right, (a, b) => a + b);
}

export const subtract = (left, right) => numeric(left, right, (a, b) => a - b);

export const multiply = (left, right) => numeric(left, right, (a, b) => a * b);

/** Le reste prend le signe du diviseur, comme en Python. */
const remainder = (a, b) => ((a % b) + b) % b;

export const modulo = (left, right) => numeric(left, divisor(right), remainder);

export const floorDivide = (left, right) => numeric(left, divisor(right), (a, b) => (a - remainder(a, b)) / b);

function divisor(value) {
  if (isNumber(value) && Number(value) === 0) throw new TemplateError("division par zéro");
  return value;
}

export const negate = (value) => numeric(0, value, (zero, b) => zero - b);

export const positive = (value) => numeric(0, value, (zero, b) => zero + b);

/** `a ~ b` : tout est échappé dès qu'un morceau est déjà du HTML. */
export function concat(parts) {
  return parts.some((part) => part instanceof Markup)
    ? new Markup(parts.map(show).join(""))
    : parts.map(text).join("");
}
