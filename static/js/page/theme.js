/* Le choix de la lumière, dans le menu. */
import { chosenTheme, keepTheme, showTheme } from "../theme/choix.js";

const CHOICE = "[data-theme-choix]";

export function createThemeChoice({ root = document, view = window }) {
  function refresh() {
    for (const input of root.querySelectorAll(`${CHOICE} input`)) input.checked = input.value === chosenTheme();
  }

  function onChange({ target }) {
    if (!target.closest(CHOICE)) return;
    keepTheme(target.value);
    showTheme(target.value);
  }

  /** Un autre onglet a changé la lumière : celui-ci suit. */
  function onStorage() {
    showTheme(chosenTheme());
    refresh();
  }

  return {
    start() {
      root.addEventListener("change", onChange);
      view.addEventListener("storage", onStorage);
      refresh();
    },
    refresh,
  };
}
