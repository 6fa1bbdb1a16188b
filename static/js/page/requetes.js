/* Chaque demande de htmx passe par ici : carnet fermé, jeton périmé ou session finie se règlent sans perdre la saisie.
 *
 *   401 du travailleur → la boîte de déverrouillage, puis la même demande ;
 *   400 d'un formulaire → un jeton frais, puis la même demande, une fois ;
 *   401 du serveur → « reconnectez-vous, rien n'est perdu », et rien n'est remplacé à l'écran.
 */

const reason = (response) => response.headers.get("X-Jalon-Erreur");

async function freshToken(root) {
  const response = await fetch("/session/jeton", { cache: "no-store", headers: { Accept: "application/json" } });
  if (!response.ok || response.redirected) return null;
  const { jeton } = await response.json();
  for (const field of root.querySelectorAll("input[name=csrf_token]")) field.value = jeton;
  return jeton;
}

export function createRequests({ link, dialog, drafts, say, root = document }) {
  const carriesToken = ({ body }) => typeof body?.has === "function" && body.has("csrf_token");

  async function unlockThenResend(ctx, action, request, response) {
    clearTimeout(ctx.requestTimeout);
    const opened = await dialog.open(await link.state());
    return opened ? fetch(action, request) : response;
  }

  async function renewThenResend(action, request, response) {
    const jeton = await freshToken(root).catch(() => null);
    if (!jeton) return response;
    request.body.set("csrf_token", jeton);
    return fetch(action, request);
  }

  function showReconnection() {
    for (const element of root.querySelectorAll("[data-reconnexion]")) element.hidden = false;
  }

  async function send(ctx, action, request) {
    if (request.method === "POST") await drafts.settled();
    const response = await fetch(action, request);
    // Un écran redemandé de lui-même n'ouvre aucune boîte sous les doigts.
    if (ctx.quiet) return response;
    if (response.status === 401 && reason(response) === "verrou") return unlockThenResend(ctx, action, request, response);
    if (response.status === 400 && carriesToken(request)) return renewThenResend(action, request, response);
    if (response.status === 401) showReconnection();
    return response;
  }

  function onBeforeRequest({ detail: { ctx } }) {
    ctx.fetch = (action, request) => send(ctx, action, request);
    for (const button of submitButtons(ctx)) button.setAttribute("aria-disabled", "true");
  }

  function onFinished({ detail: { ctx } }) {
    for (const button of submitButtons(ctx)) button.removeAttribute("aria-disabled");
  }

  const submitButtons = (ctx) =>
    ctx.sourceElement.matches?.("form") ? [...ctx.sourceElement.elements].filter(({ type }) => type === "submit") : [];

  function onError({ detail }) {
    if (detail.ctx?.quiet) return;
    if (detail.ctx?.request?.method === "POST") say("Pas de connexion\u202f: votre saisie est restée à l’écran, rien n’est perdu.");
    else say("Pas de connexion.");
  }

  return {
    start() {
      root.addEventListener("htmx:before:request", onBeforeRequest);
      root.addEventListener("htmx:finally:request", onFinished);
      root.addEventListener("htmx:error", onError);
    },
  };
}
