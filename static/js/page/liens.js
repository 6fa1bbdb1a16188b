/* Un lien ou un formulaire n'est confié à htmx qu'au moment où on le touche : un écran de cent liens se pose sans les préparer un à un. */

/** Ceux-là écoutent autre chose qu'un clic ou un envoi : ils se préparent avec l'écran. */
const LISTENING = "[hx-trigger]";
const TOUCHED = { click: "a[href]", submit: "form" };
/** Les écrans du bureau ont leur feuille de style en tête de page : d'une page qui ne l'a pas, on y va par une page entière. */
const DESK = /^\/(supervision|equipe|rapports|conventions|administration|galerie)\b/;

export function createLinks({ htmx, root = document }) {
  const held = { asked: false };

  const otherwiseDressed = ({ pathname }) => DESK.test(pathname) && !root.querySelector("link[data-bureau]");

  function prepare(element) {
    held.asked = true;
    htmx.process(element);
    held.asked = false;
  }

  function onProcess(event) {
    if (held.asked) return;
    event.preventDefault();
    for (const element of event.target.querySelectorAll(LISTENING)) prepare(element);
  }

  /** Avant que le geste n'arrive à l'élément : ce qui s'y accroche ici l'entend encore. */
  function onTouch({ type, target }) {
    const element = target.closest?.(TOUCHED[type]);
    if (element && !otherwiseDressed(element)) prepare(element);
  }

  return {
    start() {
      root.addEventListener("htmx:before:process", onProcess);
      for (const type of Object.keys(TOUCHED)) root.addEventListener(type, onTouch, true);
    },
  };
}
