/* Réglages de l'appareil : ce que le navigateur promet de garder, et l'adieu d'un carnet effacé. */

const MEDIA = "application/vnd.jalon.echange+json";

async function showStorage(root) {
  const lines = root.querySelectorAll("[data-stockage]");
  if (!lines.length) return;
  // WebKitGTK et les anciens Safari n'ont rien à promettre : le carnet y est fragile, et il n'y a personne à qui demander.
  const silent = !navigator.storage?.persisted;
  const kept = !silent && (await navigator.storage.persisted());
  for (const line of lines) {
    const asks = line.querySelector("[data-stockage-demander]") !== null;
    line.hidden = (line.dataset.stockage === "durable") !== kept || (silent && asks);
  }
}

/** Le serveur retire l'appareil de la liste de la personne, puis le navigateur oublie tout ce qui est d'ici, session comprise. */
async function farewell(appareil) {
  const tokenResponse = await fetch("/session/jeton", { cache: "no-store", headers: { Accept: "application/json" } });
  if (tokenResponse.ok && !tokenResponse.redirected && appareil) {
    const { jeton } = await tokenResponse.json();
    await fetch(`/appareils/${appareil}/revoquer`, { method: "POST", redirect: "manual", headers: { "X-CSRFToken": jeton } });
  }
  const gone = await fetch("/appareils/adieu", { method: "POST", cache: "no-store", headers: { "Content-Type": MEDIA } });
  if (!gone.ok) throw new Error("adieu refusé");
}

const DONE = "Vous êtes déconnecté, et cet appareil n’est plus dans votre liste.";
const OFFLINE = "Sans réseau, le serveur n’a pas été prévenu\u202f: retirez cet appareil depuis «\u202fMes appareils\u202f» à votre prochaine connexion.";

export function createDevicePages({ root = document }) {
  const greeted = new WeakSet();

  async function sayFarewell() {
    const screen = root.querySelector("[data-adieu]");
    if (!screen || greeted.has(screen)) return;
    greeted.add(screen);
    const text = await farewell(screen.dataset.adieu).then(
      () => DONE,
      () => OFFLINE,
    );
    root.querySelector("[data-adieu-texte]").textContent = text;
  }

  async function onClick(event) {
    if (!event.target.closest("[data-stockage-demander]")) return;
    await navigator.storage.persist();
    await showStorage(root);
  }

  function refresh() {
    showStorage(root).catch(() => {});
    sayFarewell();
  }

  return {
    start: () => root.addEventListener("click", onClick),
    refresh,
  };
}
