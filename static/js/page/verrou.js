/* L'écran de verrou : le décompte entre deux essais, et l'ouverture par la clé d'accès. La phrase et le code passent par le
 * formulaire, sans script. */
import { ANNONCE, DEMANDE } from "../messages.js";
import { askPasskey } from "./cle_acces.js";

const SECOND = 1000;

export function createLockPage({ link, root = document, place = location }) {
  const counted = new WeakSet();
  const screen = () => root.querySelector("form[data-verrou]");

  function reopen() {
    const form = screen();
    if (form) place.replace(form.elements.suite?.value || "/");
  }

  function countDown(form) {
    const display = form.querySelector("[data-decompte]");
    if (!display || counted.has(display)) return;
    counted.add(display);
    const buttons = form.querySelectorAll("button");
    const until = Date.now() + Number(display.dataset.decompte) * SECOND;
    for (const button of buttons) button.disabled = true;

    function tick() {
      const left = Math.max(0, Math.ceil((until - Date.now()) / SECOND));
      display.textContent = String(left);
      if (left) {
        setTimeout(tick, SECOND);
        return;
      }
      for (const button of buttons) button.disabled = false;
    }
    tick();
  }

  async function withPasskey() {
    const { modes } = await link.state();
    const secret = await askPasskey(modes.prf).catch(() => null);
    if (!secret) return;
    // Un carnet ouvert qui ne se lit plus : l'écran demandé, rechargé, dit quoi faire.
    const { etat } = await link.ask(DEMANDE.DEVERROUILLER, { prf: secret }).catch(() => ({ etat: "illisible" }));
    if (etat === "ouvert" || etat === "illisible") reopen();
  }

  function onClick(event) {
    if (event.target.closest("[data-prf]")) withPasskey();
  }

  function start() {
    root.addEventListener("click", onClick);
    link.listen(ANNONCE.OUVERT, reopen);
    refresh();
  }

  function refresh() {
    const form = screen();
    if (form) countDown(form);
  }

  return { start, refresh };
}
