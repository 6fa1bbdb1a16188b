/* La recherche : htmx envoie et remplace la liste ; ici, l'effacement au clavier et le filtre d'une liste déjà à l'écran. */

const fold = (text) =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim();

function filterList(input) {
  const list = document.querySelector(input.dataset.filtre);
  if (!list) return;
  const words = fold(input.value).split(" ").filter(Boolean);
  for (const item of list.children) {
    const text = fold(item.textContent);
    item.hidden = !words.every((word) => text.includes(word));
  }
}

function onInput(event) {
  if (event.target.matches?.("[data-filtre]")) filterList(event.target);
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
