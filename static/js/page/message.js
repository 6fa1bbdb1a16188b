/* Le mot qui suit un enregistrement : « Annuler » reste 8 secondes, plus si on s'y arrête. */

const UNDO = 8_000;
const NOTICE = 12_000;

export function createMessages({ root = document }) {
  const timed = new WeakSet();

  function expire(message) {
    if (!message.isConnected) return;
    if (message.matches(":hover, :focus-within")) {
      setTimeout(expire, 2_000, message);
      return;
    }
    message.hidden = true;
  }

  function arm(message) {
    if (timed.has(message)) return;
    timed.add(message);
    setTimeout(expire, message.querySelector("[data-annuler]") ? UNDO : NOTICE, message);
  }

  /** Dit une phrase aux lecteurs d'écran et, s'il y a la place, à l'écran. */
  function say(text) {
    const region = root.querySelector("[data-annonce]");
    if (!region) return;
    region.textContent = text;
    setTimeout(() => {
      if (region.textContent === text) region.textContent = "";
    }, NOTICE);
  }

  const refresh = () => root.querySelectorAll("[data-message]").forEach(arm);

  return { start: refresh, refresh, say };
}
