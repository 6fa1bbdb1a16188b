/* La suite d'un long fil arrive dans un <template> : l'écran que l'on vient de demander se peint sans elle, puis elle prend sa place. */
const REST = "template[data-suite]";

export function unfold(root) {
  for (const rest of root.querySelectorAll(REST)) rest.replaceWith(rest.content);
}

export const unfoldAfterPaint = (root) => requestAnimationFrame(() => setTimeout(unfold, 0, root));
