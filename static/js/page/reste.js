/* Combien de fiches attendaient encore, gardé hors de la base : si le navigateur efface le carnet, ce nombre est tout ce qui en reste. */

const COOKIE = "__Host-reste";
const YEAR = 365 * 24 * 3600;

/** Un nombre, et rien d'autre ; ce qui est déposé sous pli est déjà chez le serveur. */
export const keepUnsent = (root, { attente, deposees, refusees }) => keep(root, attente - deposees + refusees);

/** L'écran qui suit un enregistrement compte la fiche neuve avant que l'envoi n'en dise rien. */
export function keepShown(root) {
  const shown = root.querySelector("[data-compte-envoi]");
  if (shown) keep(root, Number(shown.textContent));
}

function keep(root, n) {
  root.cookie = `${COOKIE}=${n}; Max-Age=${YEAR}; Path=/; Secure; SameSite=Strict`;
}

/** @returns {number|null} null : rien n'a survécu */
export function lastUnsent(root) {
  const found = root.cookie.split("; ").find((each) => each.startsWith(`${COOKIE}=`));
  return found ? Number(found.slice(COOKIE.length + 1)) : null;
}
