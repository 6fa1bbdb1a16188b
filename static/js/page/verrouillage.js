/* Couvrir dès que l'application est masquée, rouvrir au retour, fermer quand le délai est passé ou qu'on le demande.
 *
 * Le travailleur tient l'état ; la page ne fait que le montrer. Elle couvre sans attendre sa réponse.
 */
import { ANNONCE, DEMANDE } from "../messages.js";

/** Ce qui est à l'écran ne se remontre pas : la clé n'est plus là, ou ne sert plus qu'à joindre le serveur. */
const CLOSED = new Set(["verrouille", "detruit", "bail"]);

const PROOF = "__Host-ouvert";
/** Écrans où il n'y a rien à cacher, et d'où l'on ne doit pas être chassé. */
const NEUTRAL = ["/verrou", "/connexion", "/installer", "/deconnexion"];
/** L'écran qui efface le carnet le ferme aussi : il reste pour dire que c'est fait. Il se couvre et se ferme comme les autres. */
const ERASING = "/reglages/effacer";
const ERASURE = "form[data-effacement]";
/** Le verrou, à son adresse ou à la place de l'écran demandé. */
const LOCK = "form[data-verrou]";

const isNeutral = (pathname) => NEUTRAL.some((path) => pathname === path || pathname.startsWith(`${path}/`));

/** La preuve d'ouverture disparaît sans réseau : un rechargement forcé ne montrera rien. */
function dropProof(root = document) {
  root.cookie = `${PROOF}=; Max-Age=0; Path=/; Secure; SameSite=Strict`;
}

const lockUrl = ({ pathname, search }) => `/verrou?suite=${encodeURIComponent(pathname + search)}`;

export function createLocking({ link, dialog, drafts, root = document, place = location }) {
  const held = { leaving: false, timer: null, erasing: false };

  const cover = () => root.documentElement.setAttribute("data-couvert", "");
  /** Un effacement parti, et lui seul : sinon l'écran se ferme avec le carnet. */
  const erasing = () => held.erasing && place.pathname === ERASING;

  function onRequest({ detail: { ctx } }) {
    if (ctx.sourceElement.matches?.(ERASURE)) held.erasing = true;
  }

  /** L'effacement attend un second geste : rien n'est encore parti. */
  function onSwap() {
    if (root.querySelector(ERASURE)) held.erasing = false;
  }

  const uncover = () => root.documentElement.removeAttribute("data-couvert");

  function goToLock() {
    dropProof(root);
    if (isNeutral(place.pathname) || erasing()) return;
    // Il y est déjà : le recharger emporterait la phrase que l'on tape.
    if (root.querySelector(LOCK)) {
      uncover();
      return;
    }
    cover();
    place.replace(lockUrl(place));
  }

  async function hidden() {
    if (held.leaving || isNeutral(place.pathname)) return;
    cover();
    await drafts.flush();
    await link.ask(DEMANDE.COUVRIR);
    const { grace_ms: grace } = await link.state();
    clearTimeout(held.timer);
    if (grace) held.timer = setTimeout(checkGrace, grace + 1500);
  }

  /** Le travailleur a pu s'arrêter : lui demander l'état suffit à lui faire voir que le délai est passé. */
  async function checkGrace() {
    await link.state();
  }

  async function visible() {
    if (isNeutral(place.pathname)) return;
    const etat = await link.state();
    if (CLOSED.has(etat.coffre)) goToLock();
    else if (etat.coffre !== "couvert" || (await dialog.open(etat))) uncover();
  }

  function onVisibility() {
    if (root.visibilityState === "hidden") hidden();
    else visible();
  }

  async function lockNow() {
    await drafts.flush();
    await link.ask(DEMANDE.VERROUILLER);
    goToLock();
  }

  function onClick(event) {
    if (event.target.closest("[data-verrouiller]")) lockNow();
  }

  function start() {
    root.addEventListener("visibilitychange", onVisibility);
    root.addEventListener("click", onClick);
    root.addEventListener("htmx:before:request", onRequest);
    root.addEventListener("htmx:after:swap", onSwap);
    // Changer de page masque aussi le document : ce n'est pas quitter le carnet.
    addEventListener("pagehide", () => {
      held.leaving = true;
    });
    addEventListener("pageshow", (event) => {
      held.leaving = false;
      if (event.persisted) visible();
    });
    link.listen(ANNONCE.VERROU, goToLock);
    link.listen(ANNONCE.OUVERT, uncover);
    link.listen(ANNONCE.REVOQUE, () => place.replace("/connexion"));
  }

  return { start, lockNow, cover };
}
