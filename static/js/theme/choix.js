/* Clair, sombre, ou comme l'appareil : un réglage de ce navigateur, qui ne dit rien de personne et ne quitte pas l'appareil. */

const KEY = "jalon-theme";
const CHOICES = ["jour", "nuit"];
/** Le papier de chaque lumière, pour la barre du navigateur (`static/css/tokens.css`). */
const PAPER = { jour: "#faf5ea", nuit: "#000000" };

/** Un navigateur peut refuser toute mémoire : on suit alors l'appareil. */
export function chosenTheme(storage = () => localStorage) {
  try {
    const kept = storage().getItem(KEY);
    return CHOICES.includes(kept) ? kept : "";
  } catch {
    return "";
  }
}

export function keepTheme(theme, storage = () => localStorage) {
  try {
    if (CHOICES.includes(theme)) storage().setItem(KEY, theme);
    else storage().removeItem(KEY);
  } catch {
    // La lumière change quand même, jusqu'à la page suivante.
  }
}

export function showTheme(theme, root = document) {
  if (theme) root.documentElement.dataset.theme = theme;
  else delete root.documentElement.dataset.theme;
  for (const meta of root.querySelectorAll("meta[name=theme-color]")) {
    meta.dataset.appareil ??= meta.content;
    meta.content = PAPER[theme] ?? meta.dataset.appareil;
  }
}
