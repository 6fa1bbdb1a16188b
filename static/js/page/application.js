/* Poser Jalon sur l'écran d'accueil : l'invite d'Android quand le navigateur la donne, les étapes illustrées sur iOS. */

const isStandalone = () => matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
const isIos = () => /iPad|iPhone|iPod/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);

export function createInstallPrompt({ root = document }) {
  const held = { prompt: null };

  function show() {
    for (const button of root.querySelectorAll("[data-installer-application]")) button.hidden = !held.prompt;
    for (const steps of root.querySelectorAll("[data-installer-ios]")) steps.hidden = !isIos() || isStandalone();
  }

  function onOffer(event) {
    event.preventDefault();
    held.prompt = event;
    show();
  }

  async function onClick(event) {
    if (!held.prompt || !event.target.closest("[data-installer-application]")) return;
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
