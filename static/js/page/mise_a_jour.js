/* Une nouvelle version attend qu'on la veuille : les brouillons sont gardés, puis elle prend la suite et la page se recharge. */
import { DEMANDE } from "../messages.js";

const HOUR = 3_600_000;

export function createUpdate({ link, drafts, container, root = document, place = location }) {
  const held = { registration: null, controlled: Boolean(container.controller), checked: Date.now() };

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

  /** Une application laissée ouverte des jours ne recharge jamais de page : on demande à son retour, une fois l'heure. */
  function onVisibility() {
    if (root.visibilityState !== "visible" || Date.now() - held.checked < HOUR) return;
    held.checked = Date.now();
    held.registration.update().catch(() => {});
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
      root.addEventListener("visibilitychange", onVisibility);
      watch(registration.installing);
      registration.addEventListener("updatefound", () => watch(registration.installing));
      show();
    },
    refresh: show,
  };
}
