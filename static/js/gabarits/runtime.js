/**
 * Exécution des gabarits compilés : contexte, héritage, inclusions, imports, macros, boucles.
 *
 * Un gabarit compilé est `{ root(context), blocks: { nom(context, depth) } }` et rend une chaîne.
 */
import { Markup, Opaque, TemplateError } from "./valeurs.js";

/** Un paramètre de macro que l'appel n'a pas donné (à ne pas confondre avec une valeur absente). */
export const MISSING = Symbol("manquant");

/** Lit une variable qui n'a peut-être pas encore été posée. */
export const read = (value) => (value === MISSING ? undefined : value);

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
    for (const [name, block] of Object.entries(template.blocks)) (this.chains[name] ??= []).push(block);
  }

  get(name) {
    return this.vars[name];
  }

  set(name, value) {
    this.vars[name] = value;
  }

  /** Pose une variable de premier niveau, visible des imports de ce gabarit. */
  export(name, value) {
    this.vars[name] = value;
    this.exported[name] = value;
  }

  block(name, depth = 0) {
    const block = this.chains[name]?.[depth];
    if (block === undefined) throw new TemplateError(`pas de bloc « ${name} » à ce niveau`);
    return block(this, depth);
  }

  extend(parentName) {
    const parent = this.engine.template(parentName);
    this.stack(parent);
    return () => parent.root(this);
  }

  /** Variables d'un gabarit inclus : celles d'ici, recouvertes par les locales posées. */
  inner(locals) {
    const vars = Object.create(this.vars);
    for (const [name, value] of Object.entries(locals)) if (value !== MISSING) vars[name] = value;
    return vars;
  }

  include(name, locals) {
    const template = this.engine.template(name);
    return template.root(new Context(this.engine, template, this.inner(locals)));
  }

  importWith(name, locals) {
    return this.engine.module(name, this.inner(locals));
  }

  importPlain(name) {
    return this.engine.plainModule(name);
  }
}

/** Les macros et les `set` d'un gabarit importé. */
class Module extends Opaque {
  constructor(exported) {
    super();
    this.exported = exported;
  }

  attribute(name) {
    return this.exported[name];
  }
}

class Engine {
  constructor(templates) {
    this.templates = templates;
    this.modules = new Map();
  }

  template(name) {
    const template = this.templates[name];
    if (template === undefined) throw new TemplateError(`gabarit inconnu : ${name}`);
    return template;
  }

  module(name, vars) {
    const template = this.template(name);
    const context = new Context(this, template, vars);
    template.root(context);
    return new Module(context.exported);
  }

  /** Un import sans contexte ne dépend de rien : il n'est exécuté qu'une fois. */
  plainModule(name) {
    if (!this.modules.has(name)) this.modules.set(name, this.module(name, Object.create(null)));
    return this.modules.get(name);
  }

  render(name, values) {
    const template = this.template(name);
    return template.root(new Context(this, template, Object.assign(Object.create(null), values)));
  }
}

/** `rendre(nom, contexte)` sur un ensemble de gabarits compilés. */
export function renderer(templates) {
  const engine = new Engine(templates);
  return (name, values) => engine.render(name, values);
}

class Macro extends Opaque {
  constructor(name, parameters, takesCaller, body) {
    super();
    this.name = name;
    this.parameters = parameters;
    this.takesCaller = takesCaller;
    this.body = body;
  }

  attribute(name) {
    throw new TemplateError(`« ${name} » demandé à la macro ${this.name}`);
  }

  call(positional, named, caller) {
    const { name, parameters } = this;
    if (positional.length > parameters.length) {
      throw new TemplateError(`la macro ${name} prend ${parameters.length} arguments`);
    }
    const values = [...positional];
    let used = 0;
    for (const parameter of parameters.slice(positional.length)) {
      const given = Object.hasOwn(named, parameter);
      if (given) used += 1;
      values.push(given ? named[parameter] : MISSING);
    }
    if (used !== Object.keys(named).length) throw new TemplateError(`argument inconnu ou répété pour la macro ${name}`);
    if (caller !== undefined && !this.takesCaller) throw new TemplateError(`la macro ${name} n'a pas de corps`);
    return new Markup(this.body(...values, caller));
  }
}

export const macro = (name, parameters, takesCaller, body) => new Macro(name, parameters, takesCaller, body);

export function call(callee, positional, named, caller) {
  if (!(callee instanceof Macro)) throw new TemplateError("appel d'une valeur qui n'est pas une macro");
  return callee.call(positional, named, caller);
}

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
