/* Les brouillons : chaque formulaire de terrain est gardé, chiffré, au fil de la frappe, et rendu quand on y revient. */
import { DEMANDE } from "../messages.js";

const PAUSE = 400;
/** Sans travailleur, un brouillon n'aboutit jamais ; il ne doit pas retenir un envoi. */
const PATIENCE = 1_000;
const FORM = "form[data-brouillon]";
const NEVER = new Set(["csrf_token"]);

function pause(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

const keyOf = (form) => form.dataset.brouillon;

function readFields(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NEVER.has(name));
}

function fillFields(form, fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const control of form.elements) {
    if (!control.name || NEVER.has(control.name) || control.type === "password" || control.type === "submit") continue;
    const given = values.get(control.name);
    if (control.type === "checkbox" || control.type === "radio") {
      control.checked = given?.includes(control.value) ?? false;
    } else if (given?.length) {
      control.value = given.shift();
      if (control.value && control.type !== "hidden") control.closest("details")?.setAttribute("open", "");
    }
  }
  // Ce qui se montre d'après les champs se refait d'après eux.
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

export function createDrafts({ link, root = document }) {
  const waiting = new Map();
  const restored = new WeakSet();
  const held = { saving: Promise.resolve(), late: null };

  function say(form, text) {
    const status = form.querySelector("[data-brouillon-etat]");
    if (!status) return;
    status.textContent = text;
    status.hidden = false;
    form.querySelector("[data-brouillon-effacer]")?.removeAttribute("hidden");
  }

  function save(form) {
    waiting.delete(form);
    held.saving = write(form);
    return held.saving;
  }

  async function write(form) {
    // L'écran suivant a pris sa place : retirer un champ encore touché se dit comme une frappe, et la fiche enregistrée renaîtrait
    // en brouillon, avec les mêmes identifiants.
    if (!form.isConnected) return;
    try {
      await link.ask(DEMANDE.BROUILLON_ECRIRE, { cle: keyOf(form), champs: readFields(form) });
      say(form, "Brouillon gardé sur ce téléphone.");
    } catch {
      say(form, "Brouillon pas encore gardé.");
    }
  }

  function forget(form) {
    clearTimeout(waiting.get(form));
    waiting.delete(form);
  }

  function onInput(event) {
    const form = event.target.form;
    if (!form?.matches(FORM)) return;
    forget(form);
    waiting.set(form, setTimeout(save, PAUSE, form));
  }

  async function restore(form) {
    if (restored.has(form)) return;
    restored.add(form);
    const { brouillon } = await link.ask(DEMANDE.BROUILLON_LIRE, { cle: keyOf(form) }).catch(() => ({ brouillon: null }));
    // Une saisie rendue avec ses erreurs est plus récente que son brouillon : la dernière frappe n'a pas toujours eu sa pause.
    if (form.querySelector("[data-resume-erreurs]")) {
      if (held.late === keyOf(form)) await save(form);
      else if (brouillon) say(form, "Brouillon gardé sur ce téléphone.");
      return;
    }
    if (!brouillon || waiting.has(form)) return;
    fillFields(form, brouillon.champs);
    say(form, "Votre brouillon a été repris.");
  }

  async function erase(form) {
    forget(form);
    await link.ask(DEMANDE.BROUILLON_EFFACER, { cle: keyOf(form) });
    form.reset();
    const status = form.querySelector("[data-brouillon-etat]");
    if (status) status.textContent = "Brouillon effacé.";
    form.querySelector("[data-brouillon-effacer]")?.setAttribute("hidden", "");
  }

  function onClick(event) {
    const button = event.target.closest("[data-brouillon-effacer]");
    if (button) erase(button.form ?? root.querySelector(FORM));
  }

  /** Le travailleur efface le brouillon dans la transaction qui enregistre la fiche. */
  function onRequest(event) {
    const { ctx } = event.detail;
    const form = ctx.sourceElement;
    if (!form.matches?.(FORM)) return;
    held.late = waiting.has(form) ? keyOf(form) : null;
    forget(form);
    ctx.request.headers["X-Jalon-Brouillon"] = keyOf(form);
  }

  /** Enregistrée par le serveur (poste sans carnet actif) : le brouillon n'a plus d'objet. Le travailleur, lui, en a déjà décidé. */
  function onSaved(event) {
    const { ctx } = event.detail;
    const cle = ctx.request?.headers?.["X-Jalon-Brouillon"];
    if (ctx.response?.raw?.headers.get("X-Jalon-Origine") === "appareil") return;
    if (cle && ctx.response?.raw?.ok) link.ask(DEMANDE.BROUILLON_EFFACER, { cle }).catch(() => {});
  }

  const restoreAll = () => Promise.all([...root.querySelectorAll(FORM)].map(restore));

  return {
    start() {
      root.addEventListener("input", onInput);
      root.addEventListener("change", onInput);
      root.addEventListener("click", onClick);
      root.addEventListener("htmx:config:request", onRequest);
      root.addEventListener("htmx:after:swap", onSaved);
      restoreAll();
    },
    refresh: restoreAll,
    /** Écrit tout de suite ce qui attend encore sa pause. */
    async flush() {
      const forms = [...waiting.keys()].filter((form) => form.isConnected);
      for (const form of forms) clearTimeout(waiting.get(form));
      await Promise.all(forms.map(save));
    },
    /** L'écriture en cours est finie : la fiche qui part l'effacera, et non l'inverse. */
    settled: () => Promise.race([held.saving, pause(PATIENCE)]),
    get dirty() {
      return waiting.size > 0;
    },
  };
}
