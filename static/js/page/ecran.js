/* Chaque écran posé par htmx : où va le regard (et le lecteur d'écran), d'où vient la page, et quand la redemander. */
import { ANNONCE } from "../messages.js";
import { unfold, unfoldAfterPaint } from "./suite.js";

const ORIGIN = "X-Jalon-Origine";
const CONTENT = "#contenu";
const SENDING = "/envoi";
/** Ce qui est à reprendre : le résumé des erreurs d'un formulaire, ou le seul champ d'un petit. */
const WRONG = "[data-resume-erreurs], [data-a-reprendre]";
/** Une saisie à reprendre : c'est elle que l'on montre, non le haut de la page. */
const REFUSED = 422;
const DEPARTED = "/dossiers/parti";

function stayPut(tasks) {
  for (const { swapSpec } of tasks) if (swapSpec) swapSpec.show = "none";
}

const today = () => new Date().toDateString();
const address = ({ pathname, search }) => pathname + search;

/** Ce qui nomme encore la ligne touchée quand l'écran revient : elle-même, ou la personne qu'elle montre. */
function rowOf(element) {
  const row = element.closest?.("li");
  return row && { id: row.id, href: row.querySelector("a[href]")?.getAttribute("href"), top: row.getBoundingClientRect().top };
}

function findRow(root, { id, href }) {
  const scope = (id && root.getElementById(id)) || root.querySelector(CONTENT);
  const links = [...(scope?.querySelectorAll("a[href]") ?? [])];
  return links.find((link) => link.getAttribute("href") === href) ?? links.find(() => id);
}

export function createScreen({ link, htmx, refreshers, drafts, sending, root = document, place = location, view = window }) {
  const held = { day: today(), told: 0, changes: 0, sending: false, late: false };
  const wholePage = (ctx) => ctx.target === root.body;
  const covered = () => root.documentElement.hasAttribute("data-couvert");
  const isHere = ({ url }) => address(new URL(url)) === address(place);

  /** L'écran d'arrivée d'un envoi est le nôtre, atteint par un renvoi ou donné tout de suite. */
  const landsHere = ({ hx, response: { raw } }) => (hx.pushurl ? hx.pushurl === address(place) : raw.redirected && isHere(raw));

  /** Un geste qui ramène à l'écran d'où il part n'en change que quelques lignes : on reste où l'on était. */
  const comesBack = (ctx) => ctx.request.method === "POST" && ctx.response.raw.ok && landsHere(ctx);

  /** Un écran que l'on découvre par le haut. Ailleurs (retour en arrière, ligne à retrouver), la hauteur compte : tout y est d'emblée. */
  const startsAtTop = (ctx) => wholePage(ctx) && !ctx.quiet && !ctx.request.anchor && ctx.sourceElement.matches?.("a, form") && !comesBack(ctx);

  function focusScreen({ row }) {
    const target = root.querySelector(WRONG) ?? (row && findRow(root, row)) ?? root.querySelector(CONTENT);
    target?.focus({ preventScroll: true });
    // Au milieu : la barre du bas ne couvre ni le champ, ni ce qu'on lui reproche.
    if (target?.matches(WRONG)) target.scrollIntoView({ block: "center" });
  }

  /** La ligne touchée revient sous le doigt ; à défaut, la page à la même hauteur. */
  function stay({ row, scroll }) {
    view.scrollTo(...scroll);
    const now = row && findRow(root, row)?.closest("li");
    if (now) view.scrollBy(0, now.getBoundingClientRect().top - row.top);
  }

  function onRequest({ detail: { ctx } }) {
    ctx.since = { told: held.told, changes: held.changes };
  }

  function onBeforeSwap(event) {
    const { ctx, tasks } = event.detail;
    if (!startsAtTop(ctx)) for (const { fragment } of tasks) unfold(fragment);
    if (ctx.quiet) {
      if (busy() || !ctx.response.raw.ok || !isHere(ctx.response.raw)) event.preventDefault();
    } else if (wholePage(ctx) && ctx.response.raw.status === REFUSED) {
      stayPut(tasks);
    } else if (wholePage(ctx) && comesBack(ctx)) {
      stayPut(tasks);
      delete ctx.hx.pushurl;
      Object.assign(ctx, { push: "false", replace: address(place), row: rowOf(ctx.sourceElement), scroll: [view.scrollX, view.scrollY] });
    }
  }

  function onSwap({ detail: { ctx } }) {
    if (wholePage(ctx)) {
      root.documentElement.dataset.origine = ctx.response?.headers.get(ORIGIN) ?? "serveur";
      focusScreen(ctx);
      if (ctx.scroll) stay(ctx);
      unfoldAfterPaint(root);
    }
    for (const refresh of refreshers) refresh();
    if (!ctx.quiet && ctx.since) catchUp(ctx.since);
  }

  /** Ce qu'un échange a dit ou changé pendant que cet écran venait : l'écran a pu être fait juste avant. */
  function catchUp({ told, changes }) {
    if (told !== held.told) sending.renew();
    if (changes !== held.changes) repaint();
  }

  const busy = () =>
    root.querySelector("form[data-brouillon], form[data-effacement], [data-adieu], dialog[open]") !== null ||
    [...root.querySelectorAll("[data-recherche] [name=q], [data-filtre]")].some(({ value }) => value) ||
    drafts.dirty;

  /** Un dossier n'est plus à cette personne : rien n'en reste sous les yeux, pas même derrière la couverture ou dans une recherche. */
  function takeAway(ids) {
    if (!ids.length) return;
    // Une frappe pas encore gardée retient l'écran : son brouillon retiendra le dossier au prochain échange.
    if (ids.some(isOpen) && !drafts.dirty) place.replace(DEPARTED);
    const links = ids.flatMap((id) => [...root.querySelectorAll(`${CONTENT} a[href*="${id}"]`)]);
    for (const anchor of links) anchor.closest("li")?.remove();
  }

  const isOpen = (id) =>
    place.href.includes(id) || root.querySelector(`${CONTENT} input[type=hidden][value="${id}"], form[data-brouillon*="${id}"]`) !== null;

  /** Redemande l'écran sans bouger : l'échange en a changé le contenu. Jamais sous une saisie, ni sous la couverture. */
  function repaint() {
    held.late = covered();
    if (held.late || busy() || root.documentElement.dataset.origine !== "appareil") return;
    // Le contenu seul : le mot qui suit un enregistrement, et son « Annuler », restent.
    htmx.ajax("GET", address(place), { target: CONTENT, select: CONTENT, swap: "outerMorph", quiet: true, push: "false" });
  }

  /** D'où que vienne l'échange (une saisie, un autre onglet, un réveil), l'en-tête et l'écran disent la même chose. */
  function onSending({ envoi, change, partis = [] }) {
    const ended = held.sending && !envoi.en_cours;
    held.sending = envoi.en_cours;
    held.told += 1;
    if (change) held.changes += 1;
    takeAway(partis);
    if (change || held.late || (ended && place.pathname === SENDING)) repaint();
  }

  function onOpened() {
    if (held.late) repaint();
  }

  /** Rouvert le lendemain, l'écran d'hier ne dit plus qui vient aujourd'hui. */
  function onVisibility() {
    if (root.visibilityState !== "visible" || held.day === today()) return;
    held.day = today();
    repaint();
  }

  return {
    start() {
      // Un pli ouvert du doigt le reste quand son écran est redemandé.
      htmx.config.morphIgnore = [...htmx.config.morphIgnore, "open"];
      root.addEventListener("htmx:before:request", onRequest);
      root.addEventListener("htmx:before:swap", onBeforeSwap);
      root.addEventListener("htmx:after:swap", onSwap);
      root.addEventListener("visibilitychange", onVisibility);
      link.listen(ANNONCE.ENVOI, onSending);
      link.listen(ANNONCE.OUVERT, onOpened);
    },
  };
}
