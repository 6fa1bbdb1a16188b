/* Une nouvelle version attend qu'on la veuille : les brouillons sont gardés, puis elle prend la suite et la page se recharge. */
import { DEMANDE } from "../messages.js";

export function createUpdate({ link, drafts, container, root = document, place = location }) {
  const held = { registration: null, controlled: Boolean(container.controller) };

  function show() {
    const waiting = Boolean(held.registration?.waiting && container.controller);
    for (const notice of root.querySelectorAll("[data-mise-a-jour]")) notice.hidden = !waiting;
  }

  function watch(worker) {
    worker?.addEventListener("statechange", show);
  }

  async function apply() {
    await drafts.flush();
    await link.ask(DEMANDE.ACTIVER, {}, { to: held.registration.waiting });
  }

  function onClick(event) {
    if (event.target.closest("[data-mise-a-jour-appliquer], [data-mettre-a-jour]")) apply();
  }

  async function onNewController() {
    // Première prise en main de la page par un travailleur : rien n'a changé sous elle.
    if (!held.controlled) {
      held.controlled = true;
      return;
    }
    await drafts.flush();
    // La nouvelle version reçoit la clé avant que cette page ne s'en aille.
    await link.state();
    place.reload();
  }

  return {
    start(registration) {
      container.addEventListener("controllerchange", onNewController);
      root.addEventListener("click", onClick);
      if (!registration) return;
      held.registration = registration;
      watch(registration.installing);
      registration.addEventListener("updatefound", () => watch(registration.installing));
      show();
    },
    refresh: show,
  };
}
