/* Poser le travailleur. Trusted Types protège aussi cette adresse : une seule est permise. */

const WORKER_URL = "/sw.js";

function trusted(url) {
  if (!globalThis.trustedTypes) return url;
  const policy = globalThis.trustedTypes.createPolicy("jalon", {
    createScriptURL(candidate) {
      if (candidate !== WORKER_URL) throw new TypeError("Ce script n’est pas celui de Jalon.");
      return candidate;
    },
  });
  return policy.createScriptURL(url);
}

/** Hors ligne, l'enregistrement échoue sans dommage : le travailleur déjà posé répond. */
export const register = (container) =>
  container.register(trusted(WORKER_URL), { scope: "/", updateViaCache: "none" }).catch(() => null);
