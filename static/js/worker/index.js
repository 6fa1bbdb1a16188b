/* Le service worker : sur le téléphone, c'est lui le serveur. Il répond aux adresses de terrain, garde les fichiers hachés d'une
 * version, et laisse passer tout le reste. */
import { ACTIFS, LISTE } from "#jalon/actifs";
import { ENTETES } from "#jalon/entetes";
import { rendre } from "#jalon/gabarits";
import { VERSION } from "#jalon/version";

import { heureParis, jourParis } from "../domain/dates.js";
import { heure, jourProche } from "../domain/francais.js";
import { identifiant } from "../domain/identifiant.js";
import { projeter } from "../domain/projection/index.js";
import * as saisie from "../domain/saisie/index.js";
import * as vues from "../viewmodels/index.js";
import { dropOldCaches, fromCache, precache, routeAround } from "./assets.js";
import { createNotebookApp } from "./notebook_app.js";
import { FIELD_PATTERNS, isFieldUrl } from "./router.js";

const STATIC = "/static/";
const now = () => Date.now();
const events = new WeakMap();
const fetchFromNetwork = (...request) => self.fetch(...request);

/** « 9 h 30 » aujourd'hui, « hier à 18 h » sinon. */
function moment(instant) {
  const today = jourParis(new Date(now()).toISOString());
  const day = jourParis(instant);
  const time = heure(heureParis(instant));
  return day === today ? time : `${jourProche(day, today)} à ${time}`;
}

/** L'échange ne dispute pas le processeur à l'écran qui s'affiche ; la fiche, elle, est déjà écrite. */
const calm = (ms) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
const AFTER_PAINT = 400;

const app = createNotebookApp({
  clients: self.clients,
  locks: self.navigator.locks,
  fetch: fetchFromNetwork,
  origin: self.location.origin,
  now,
  rendre,
  headers: ENTETES,
  assets: ACTIFS,
  version: VERSION,
  projeter,
  vues,
  saisie,
  dates: { jourParis, heureParis },
  moment,
  newId: () => identifiant(),
  // Sans cela le navigateur peut arrêter le travailleur dès la page rendue, l'envoi à peine parti.
  background: (request, work) => events.get(request).waitUntil(calm(AFTER_PAINT).then(work)),
  calm,
  activate: () => self.skipWaiting(),
  // Chromium seulement ; ailleurs l'envoi se tente au chargement, au retour du réseau et après chaque saisie.
  wakeLater: () => self.registration.sync?.register("envoi").catch(() => {}),
});

async function onInstall(event) {
  await routeAround({ event, version: VERSION, prefix: STATIC, own: FIELD_PATTERNS });
  await precache({ caches, fetch: fetchFromNetwork, version: VERSION, urls: LISTE });
}

async function onActivate() {
  app.takeOver();
  await dropOldCaches({ caches, version: VERSION });
  await self.clients.claim();
}

function onFetch(event) {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "GET" && url.pathname.startsWith(STATIC)) {
    event.respondWith(fromCache({ caches, fetch: fetchFromNetwork, version: VERSION, request }));
  } else if (isFieldUrl(url.pathname) && (request.method === "GET" || request.method === "POST")) {
    events.set(request, event);
    event.respondWith(app.respond(request));
  } else if (request.mode === "navigate" && request.method === "GET") {
    event.respondWith(fetchFromNetwork(request).catch((error) => app.offline(request, error)));
  }
}

self.addEventListener("install", (event) => event.waitUntil(onInstall(event)));
self.addEventListener("activate", (event) => event.waitUntil(onActivate()));
self.addEventListener("fetch", onFetch);
self.addEventListener("sync", (event) => event.waitUntil(app.wake()));
self.addEventListener("message", (event) => event.waitUntil(app.answer(event)));
