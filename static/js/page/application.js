/* Poser Jalon sur l'écran d'accueil : l'invite d'Android quand le navigateur la donne, les étapes illustrées sur iOS. */

const BUTTON = "[data-installer-application]";

/** iPadOS se présente comme un Mac ; seul le toucher l'en distingue. Ailleurs, toutes les étapes restent montrées. */
function platform() {
  if (/iPad|iPhone|iPod/.test(navigator.userAgent)) return "ios";
  if (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1) return "ios";
  return /Android/.test(navigator.userAgent) ? "android" : null;
}

export function createInstallPrompt({ root = document }) {
  const held = { prompt: null };

  function show() {
    for (const button of root.querySelectorAll(BUTTON)) button.hidden = !held.prompt;
    const here = platform();
    for (const steps of root.querySelectorAll("[data-plateforme]")) steps.hidden = here !== null && steps.dataset.plateforme !== here;
  }

  function onOffer(event) {
    event.preventDefault();
    held.prompt = event;
    show();
  }

  async function onClick(event) {
    if (!held.prompt || !event.target.closest(BUTTON)) return;
    const prompt = held.prompt;
    held.prompt = null;
    await prompt.prompt();
    show();
  }

  return {
    start() {
      addEventListener("beforeinstallprompt", onOffer);
      root.addEventListener("click", onClick);
      show();
    },
    refresh: show,
  };
}
