/* L'état de l'envoi, au même endroit sur chaque écran, et les moments où l'on essaie d'envoyer. */
import { ANNONCE, DEMANDE } from "../messages.js";
import { keepShown, keepUnsent } from "./reste.js";

const EVERY = 60_000;

function setNumber(element, count) {
  element.textContent = String(count);
  element.hidden = count === 0;
}

function paint(root, envoi) {
  for (const element of root.querySelectorAll("[data-etat-envoi]")) {
    element.dataset.etat = envoi.etat;
    const text = element.querySelector("[data-etat-texte]");
    if (text) text.textContent = envoi.court;
    const number = element.querySelector("[data-etat-nombre]");
    if (number) setNumber(number, envoi.attente + envoi.refusees);
  }
  for (const element of root.querySelectorAll("[data-compte-envoi]")) setNumber(element, envoi.attente + envoi.refusees);
  for (const element of root.querySelectorAll("[data-envoi-phrase]")) element.textContent = envoi.detail;
  showLogin(root, envoi);
}

function showLogin(root, { etat }) {
  // Pendant un essai on ne sait pas encore : l'avis reste comme il est.
  if (etat === "en_cours") return;
  for (const element of root.querySelectorAll("[data-reconnexion]")) element.hidden = etat !== "reconnexion";
}

export function createSending({ link, root = document }) {
  const held = { envoi: null, timer: null, due: null };

  function show(envoi) {
    held.envoi = envoi;
    paint(root, envoi);
    comeBack(envoi);
  }

  /** À l'heure dite, sans attendre la minuterie : le travailleur a pu s'arrêter, la page compte pour lui. */
  function comeBack({ attente, patienter, en_cours: busy }) {
    if (busy) return;
    clearTimeout(held.due);
    if (attente && patienter) held.due = setTimeout(onTimer, patienter * 1000);
  }

  async function send(motif) {
    const { envoi } = await link.ask(DEMANDE.ENVOYER, { motif });
    if (envoi) tell(envoi);
  }

  /** Dit par un carnet qui est là. */
  function tell(envoi) {
    keepUnsent(root, envoi);
    show(envoi);
  }

  /** Le mot du travailleur a pu être dit pendant que l'écran venait : on le lui redemande. */
  async function renew() {
    const { envoi } = await link.state();
    if (envoi) show(envoi);
  }

  const attempt = (motif) => send(motif).catch(() => {});

  function onTimer() {
    if (root.visibilityState === "visible" && held.envoi?.attente) attempt("minuterie");
  }

  function onVisibility() {
    if (root.visibilityState === "visible") attempt("retour");
  }

  /** Un écran du travailleur compte ce qui vient d'être noté ; la dernière annonce est plus vieille, et dirait « tout est envoyé ». */
  function refresh() {
    if (!held.envoi) return;
    const fromWorker = root.querySelector('[data-etat-envoi]:not([data-etat="inconnu"])');
    if (fromWorker) {
      held.envoi = { ...held.envoi, etat: fromWorker.dataset.etat };
      keepShown(root);
    } else {
      paint(root, held.envoi);
    }
    showLogin(root, held.envoi);
  }

  return {
    start() {
      link.listen(ANNONCE.ENVOI, ({ envoi }) => tell(envoi));
      addEventListener("online", () => attempt("en_ligne"));
      root.addEventListener("visibilitychange", onVisibility);
      held.timer = setInterval(onTimer, EVERY);
      attempt("chargement");
    },
    refresh,
    renew: () => renew().catch(() => {}),
    current: () => held.envoi,
  };
}
