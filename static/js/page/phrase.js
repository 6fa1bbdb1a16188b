/* Choisir une phrase de passe : sa solidité se dit à mesure, et l'on peut voir ce que l'on tape. */
import { describe, strength } from "./force.js";

const FORM = "form[data-installation], form[data-phrase]";
const SECRETS = ["actuelle", "phrase", "phrase_bis"];

function showStrength(form, phrase) {
  const bits = strength(phrase);
  form.querySelector("[data-force]").value = Math.min(100, bits);
  form.querySelector("[data-force-texte]").textContent = phrase ? describe(bits) : "";
}

function onInput({ target }) {
  const form = target.form;
  if (!form?.matches(FORM)) return;
  if (target.name === "phrase") showStrength(form, target.value);
  if (target.name !== "montrer") return;
  for (const name of SECRETS) if (form.elements[name]) form.elements[name].type = target.checked ? "text" : "password";
}

export const startPhrase = (root = document) => root.addEventListener("input", onInput);
