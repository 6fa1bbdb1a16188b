/**
 * Exécution des gabarits compilés : contexte, héritage, inclusions, imports, macros, boucles.
 *
 * Un gabarit compilé est `{ root(context), blocks?: { nom(context, depth) } }` et rend une chaîne.
 */
import { Markup, Opaque, TemplateError } from "./valeurs.js";

/** Un paramètre de macro que l'appel n'a pas donné (à ne pas confondre avec une valeur absente). */
export const MISSING = Symbol("manquant");

/** Lit une variable qui n'a peut-être pas encore été posée. */
export const read = (value) => (value === MISSING ? undefined : value);

/** Un rendu en cours : le moteur, les variables visibles, et les blocs de chaque étage, l'enfant d'abord. */
class Context {
  /** @param parent variables visibles, objet sans prototype d'`Object` (chaînable). */
  constructor(engine, template, parent) {
    this.engine = engine;
    this.vars = Object.create(parent);
    this.exported = Object.create(null);
    this.chains = Object.create(null);
    this.stack(template);
  }

  /** Ajoute les blocs d'un gabarit derrière ceux de ses enfants. */
  stack(template) {
    for (const [name, block] of Object.entries(template.blocks ?? {})) (this.chains[name] ??= []).push(block);
  }

  block(name, depth = 0) {
    const block = this.chains[name]?.[depth];
    if (block === undefined) throw new TemplateError(`pas de bloc « ${name} » à ce niveau`);
    return block(this, depth);
  }

  extend(parentName) {
    const parent = find(this.engine, parentName);
    this.stack(parent);
    return () => parent.root(this);
  }
}

function find({ templates }, name) {
  const template = templates[name];
  if (template === undefined) throw new TemplateError(`gabarit inconnu : ${name}`);
  return template;
}

/** `rendre(nom, contexte)` sur un ensemble de gabarits compilés. */
export function renderer(templates) {
  const engine = { templates, modules: new Map() };
  return (name, values) => {
    const template = find(engine, name);
    return template.root(new Context(engine, template, Object.assign(Object.create(null), values)));
  };
}

// Ce qui suit ne va au téléphone que si un gabarit l'emploie.

/** Pose une variable de premier niveau. */
export function set({ vars }, name, value) {
  vars[name] = value;
}

/** La même, offerte à qui importe ce gabarit. */
export function offer(context, name, value) {
  set(context, name, value);
  context.exported[name] = value;
}

/** Une macro de premier niveau : posée, offerte, rendue. */
export function offerMacro(context, name, ...rest) {
  const made = macro(name, ...rest);
  offer(context, name, made);
  return made;
}

/** Variables d'un gabarit inclus : celles d'ici, recouvertes par les locales posées. */
function inner(context, locals) {
  const vars = Object.create(context.vars);
  for (const [name, value] of Object.entries(locals)) if (value !== MISSING) vars[name] = value;
  return vars;
}

export function include(context, name, locals) {
  const template = find(context.engine, name);
  return template.root(new Context(context.engine, template, inner(context, locals)));
}

/** Les macros et les `set` d'un gabarit importé. */
class Module extends Opaque {
  constructor(engine, name, vars) {
    super();
    const template = find(engine, name);
    const context = new Context(engine, template, vars);
    template.root(context);
    this.exported = context.exported;
  }

  attribute(name) {
    return this.exported[name];
  }
}

export const importWith = (context, name, locals) => new Module(context.engine, name, inner(context, locals));

/** Un import sans contexte ne dépend de rien : il n'est exécuté qu'une fois. */
export function importPlain({ engine }, name) {
  const { modules } = engine;
  if (!modules.has(name)) modules.set(name, new Module(engine, name, Object.create(null)));
  return modules.get(name);
}

/** `from … import a, b` : posés, et rendus dans l'ordre. */
export function from(context, template, ...names) {
  const module = importPlain(context, template);
  return names.map((name) => {
    const value = module.attribute(name);
    set(context, name, value);
    return value;
  });
}

class Macro extends Opaque {
  /** @param defaults les valeurs des derniers paramètres ; null quand le corps les calcule lui-même. */
  constructor(name, parameters, body, defaults, takesCaller) {
    super();
    Object.assign(this, { name, parameters, body, defaults, takesCaller });
  }

  attribute(name) {
    throw new TemplateError(`« ${name} » demandé à la macro ${this.name}`);
  }

  /** Ce que vaut le paramètre de ce rang quand l'appel ne l'a pas donné. */
  fallback(index) {
    const { parameters, defaults } = this;
    return defaults ? defaults[index - parameters.length + defaults.length] : MISSING;
  }

  run(positional, named, caller) {
    const { name, parameters } = this;
    if (positional.length > parameters.length) {
      throw new TemplateError(`la macro ${name} prend ${parameters.length} arguments`);
    }
    const values = [...positional];
    let used = 0;
    for (let index = positional.length; index < parameters.length; index += 1) {
      const given = named !== undefined && Object.hasOwn(named, parameters[index]);
      if (given) used += 1;
      values.push(given ? named[parameters[index]] : this.fallback(index));
    }
    if (named !== undefined && used !== Object.keys(named).length) {
      throw new TemplateError(`argument inconnu ou répété pour la macro ${name}`);
    }
    if (caller !== undefined && !this.takesCaller) throw new TemplateError(`la macro ${name} n'a pas de corps`);
    return this.body(...values, caller);
  }
}

export const macro = (name, parameters, body, defaults = [], takesCaller = false) =>
  new Macro(name, parameters ? parameters.split(" ") : [], body, defaults, takesCaller);

/** Le HTML d'un appel, en texte. */
export function html(callee, positional, named, caller) {
  if (!(callee instanceof Macro)) throw new TemplateError("appel d'une valeur qui n'est pas une macro");
  return callee.run(positional, named, caller);
}

/** Un appel comme valeur. */
export const call = (...request) => new Markup(html(...request));

/** La variable `loop` d'une boucle. */
export class Loop extends Opaque {
  constructor(items, index0) {
    super();
    this.items = items;
    this.index0 = index0;
  }

  attribute(name) {
    return this[name];
  }

  get index() {
    return this.index0 + 1;
  }

  get length() {
    return this.items.length;
  }

  get revindex() {
    return this.length - this.index0;
  }

  get revindex0() {
    return this.revindex - 1;
  }

  get first() {
    return this.index0 === 0;
  }

  get last() {
    return this.index === this.length;
  }

  get previtem() {
    return this.items[this.index0 - 1];
  }

  get nextitem() {
    return this.items[this.index];
  }

  cycle(choices) {
    if (!choices.length) throw new TemplateError("loop.cycle sans valeur");
    return choices[this.index0 % choices.length];
  }
}

export function range(start, stop, step) {
  if (![start, stop, step].every(Number.isSafeInteger) || step === 0) throw new TemplateError("range : entiers attendus");
  const list = [];
  for (let value = start; step > 0 ? value < stop : value > stop; value += step) list.push(value);
  return list;
}
