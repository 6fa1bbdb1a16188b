/* Compter d'un pouce : un de plus, un de moins, jamais sous zéro. Sans ce script, le nombre se tape. */

function step(button) {
  const field = button.closest("[data-compteur]").querySelector("input");
  field.value = String(Math.max(0, (Number.parseInt(field.value, 10) || 0) + Number(button.dataset.pas)));
  // Le brouillon l'apprend comme de toute saisie.
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function onClick({ target }) {
  const button = target.closest?.("[data-pas]");
  if (button) step(button);
}

export const startCounters = (root = document) => root.addEventListener("click", onClick);
