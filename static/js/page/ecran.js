/* Après chaque écran posé par htmx : où va le regard (et le lecteur d'écran), et d'où vient la page. */

const ORIGIN = "X-Jalon-Origine";

function focusScreen(root) {
  const target = root.querySelector("[data-resume-erreurs]") ?? root.getElementById("contenu");
  target?.focus({ preventScroll: target.id === "contenu" });
}

const today = () => new Date().toDateString();

export function createScreen({ htmx, refreshers, drafts, root = document, place = location }) {
  const held = { day: today() };
  const wholePage = (ctx) => ctx.target === root.body;

  function onSwap({ detail: { ctx } }) {
    if (wholePage(ctx)) {
      root.documentElement.dataset.origine = ctx.response?.headers.get(ORIGIN) ?? "serveur";
      if (!ctx.quiet) focusScreen(root);
    }
    for (const refresh of refreshers) refresh();
  }

  const busy = () =>
    root.querySelector("form[data-brouillon], dialog[open]") !== null ||
    root.querySelector("[data-recherche] [name=q]")?.value ||
    drafts.dirty;

  /** Redemande l'écran sans bouger : l'échange en a changé le contenu. Jamais sous une saisie. */
  function repaint() {
    if (busy() || root.documentElement.dataset.origine !== "appareil") return;
    htmx.ajax("GET", place.pathname + place.search, { target: "body", swap: "innerMorph", quiet: true, push: "false" });
  }

  /** Rouvert le lendemain, l'écran d'hier ne dit plus qui vient aujourd'hui. */
  function onVisibility() {
    if (root.visibilityState !== "visible" || held.day === today()) return;
    held.day = today();
    repaint();
  }

  return {
    start() {
      root.addEventListener("htmx:after:swap", onSwap);
      root.addEventListener("visibilitychange", onVisibility);
    },
    repaint,
  };
}
