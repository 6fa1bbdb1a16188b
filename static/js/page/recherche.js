/* La recherche : htmx envoie et remplace la liste ; ici, l'effacement au clavier et le filtre d'une liste déjà à l'écran. */
import { correspond } from "../domain/recherche.js";

/** Chaque liste garde ce qui répond, comme la recherche des dossiers ; une section vidée s'efface, et l'absence de tout se dit. */
function filterLists(input) {
  const lists = [...document.querySelectorAll(input.dataset.filtre)];
  for (const list of lists) {
    for (const item of list.children) item.hidden = !correspond(input.value, [item.dataset.cherche]);
    list.closest("section").hidden = [...list.children].every((item) => item.hidden);
  }
  const none = document.querySelector("[data-filtre-vide]");
  if (none) none.hidden = !lists.length || lists.some((list) => !list.closest("section").hidden);
}

function onInput(event) {
  if (event.target.matches?.("[data-filtre]")) filterLists(event.target);
}

function onKey(event) {
  const field = event.target;
  if (event.key !== "Escape" || field.type !== "search" || !field.value) return;
  field.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

export function startSearch(root = document) {
  root.addEventListener("input", onInput);
  root.addEventListener("keydown", onKey);
}
