/* Pendant une maraude, l'écran ne s'éteint pas, là où le navigateur sait le tenir. Il le lâche dès que l'application est masquée : on le
 * redemande au retour. Refusé (économie d'énergie), tout marche de même. */

const MARK = "[data-veille]";

export function createWatch({ root = document, lock = navigator.wakeLock } = {}) {
  const held = { sentinel: null, asking: false };

  const wanted = () => root.querySelector(MARK) !== null && root.visibilityState === "visible";

  function released() {
    held.sentinel = null;
  }

  async function ask() {
    held.asking = true;
    held.sentinel = await lock.request("screen").catch(() => null);
    held.asking = false;
    held.sentinel?.addEventListener("release", released);
    // La maraude a pu finir pendant la demande.
    if (held.sentinel && !wanted()) await held.sentinel.release();
  }

  async function refresh() {
    if (!lock || held.asking) return;
    if (wanted() && !held.sentinel) await ask();
    else if (!wanted() && held.sentinel) await held.sentinel.release();
  }

  return {
    start() {
      root.addEventListener("visibilitychange", refresh);
      return refresh();
    },
    refresh,
  };
}
