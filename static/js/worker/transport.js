/* Un aller-retour avec le serveur, et ce qu'il vaut.
 *
 * Seule une réponse de notre serveur est une réponse. La page d'un portail captif (HTML 200), une redirection, un mandataire qui
 * répond à sa place ou une coupure valent « on ne sait pas » : les mêmes opérations repartiront sous les mêmes identifiants.
 */
import { readRetryAfter } from "./backoff.js";
import { utf8 } from "./octets.js";

export const MEDIA = "application/vnd.jalon.echange+json";
const JSON_MEDIA = new Set([MEDIA, "application/json", "application/vnd.jalon.scelles+json"]);
const PATIENCE_MS = 60_000;
/** En dessous, compresser coûte plus que cela ne gagne. */
const WORTH_COMPRESSING = 1024;

async function compress(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const isJson = (response) => JSON_MEDIA.has((response.headers.get("Content-Type") ?? "").split(";")[0].trim().toLowerCase());

async function readJson(response) {
  if (!isJson(response)) return null;
  try {
    return await response.json();
  } catch {
    return null;
  }
}

/** Refus que le serveur signe d'un code ; sans ce code, un 401 ou un 410 vient peut-être d'un intermédiaire. */
const SIGNED = {
  session_expiree: "session",
  appareil_revoque: "revoque",
  depot_refuse: "session",
  appareil_inconnu: "appareil_inconnu",
  appareil_d_un_autre: "autre_compte",
  protocole: "protocole",
};
const BY_STATUS = { 400: "invalide", 413: "trop_gros", 415: "invalide", 422: "invalide" };

async function classify(response, now) {
  if (response.type === "opaqueredirect" || response.redirected || (response.status >= 300 && response.status < 400)) {
    return { issue: "redirige" };
  }
  const body = await readJson(response);
  if (response.ok) return body ? { issue: "reponse", corps: body } : { issue: "pas_une_reponse" };
  if (response.status === 429 || response.status === 503) {
    return { issue: "patienter", attendre: readRetryAfter(response.headers.get("Retry-After"), now) };
  }
  if (!body || typeof body.erreur !== "string") return { issue: "pas_une_reponse" };
  const issue = SIGNED[body.erreur] ?? BY_STATUS[response.status] ?? "pas_une_reponse";
  return { issue, message: body.message ?? null };
}

export function createTransport({ fetch, now, patience = PATIENCE_MS }) {
  /**
   * @param {string} url
   * @param {object} body
   * @param {{media?: string, headers?: object, credentials?: RequestCredentials}} options
   * @returns {Promise<{issue: string, corps?: object, attendre?: number|null, message?: string|null}>}
   */
  async function post(url, body, { media = MEDIA, headers = {}, credentials = "same-origin" } = {}) {
    const bytes = utf8(JSON.stringify(body));
    const compressed = bytes.length > WORTH_COMPRESSING && typeof CompressionStream === "function";
    try {
      const response = await fetch(url, {
        method: "POST",
        redirect: "manual",
        cache: "no-store",
        credentials,
        headers: {
          "Content-Type": media,
          Accept: `${MEDIA}, application/json`,
          ...(compressed ? { "Content-Encoding": "gzip" } : {}),
          ...headers,
        },
        body: compressed ? await compress(bytes) : bytes,
        signal: AbortSignal.timeout(patience),
      });
      return await classify(response, now());
    } catch {
      return { issue: "hors_ligne" };
    }
  }

  return { post };
}
