/* Les petits gestes des pages du serveur : montrer ce que l'on tape, copier un lien, imprimer, aller au résumé des erreurs. */

const COPIED = "Lien copié.";

export function createGestures({ say, root = document, clipboard = navigator.clipboard }) {
  /** L'installation conduit elle-même son formulaire. */
  function onInput({ target }) {
    if (target.name !== "montrer" || target.form?.matches("[data-installation]")) return;
    for (const input of target.form?.querySelectorAll("[autocomplete$='-password']") ?? []) {
      input.type = target.checked ? "text" : "password";
    }
  }

  async function onClick({ target }) {
    if (target.closest?.("[data-imprimer]")) window.print();
    const button = target.closest?.("[data-copier]");
    const field = button && root.getElementById(button.dataset.copier);
    if (!field) return;
    field.select();
    await clipboard.writeText(field.value);
    say(COPIED);
  }

  function refresh() {
    for (const button of root.querySelectorAll("[data-copier]")) button.hidden = !clipboard;
  }

  return {
    start() {
      root.addEventListener("input", onInput);
      root.addEventListener("click", onClick);
      refresh();
      // Un formulaire refusé revient en page entière : le regard va d'abord à ce qu'il faut reprendre.
      root.querySelector("[data-resume-erreurs]")?.focus();
    },
    refresh,
  };
}
