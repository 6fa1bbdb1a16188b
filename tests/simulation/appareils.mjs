/* Les téléphones de la simulation : les vrais modules du worker, un disque IndexedDB en mémoire chacun, et un réseau tenu par l'essai.
 *
 * Un ordre par ligne sur l'entrée, en JSON ; pendant qu'il s'exécute, chaque demande au réseau sort sur une ligne et attend la sienne en
 * retour. Un ordre à la fois : l'essai décide seul de ce qui s'entrelace.
 */
import { createInterface } from "node:readline";

import { IDBFactory } from "fake-indexeddb";
import * as fake from "fake-indexeddb";

import { ACTIFS } from "#jalon/actifs";
import { ENTETES } from "#jalon/entetes";
import { rendre } from "#jalon/gabarits";

import { heureParis, jourParis } from "../../static/js/domain/dates.js";
import { projeter } from "../../static/js/domain/projection/index.js";
import * as saisie from "../../static/js/domain/saisie/index.js";
import * as vues from "../../static/js/viewmodels/index.js";
import { openDatabase } from "../../static/js/worker/database.js";
import { createNotebookApp } from "../../static/js/worker/notebook_app.js";
import { createStore } from "../../static/js/worker/store.js";

for (const name of Object.keys(fake).filter((key) => key.startsWith("IDB"))) globalThis[name] = fake[name];

const ORIGIN = "https://jalon.exemple";
const PHRASE = "quatre jalons au bord du canal";
const JSON_TYPE = { "Content-Type": "application/json" };
/** Ce que dit une préparation que le réseau a empêchée ; tout autre échec est une faute. */
const CUT = /Failed to fetch|n’a pas répondu/;
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const listen = async () => JSON.parse((await lines.next()).value ?? "null");

const phones = new Map();

const bytesOf = (body) => (typeof body === "string" ? new TextEncoder().encode(body) : body);

async function ask(phone, url, init = {}) {
  say({
    demande: {
      appareil: phone,
      url,
      entetes: Object.fromEntries(new Headers(init.headers)),
      corps: init.body ? Buffer.from(bytesOf(init.body)).toString("base64") : "",
    },
  });
  const answer = await listen();
  if (answer.coupure) throw new TypeError("Failed to fetch");
  return new Response(Buffer.from(answer.corps, "base64"), { status: answer.statut, headers: answer.entetes });
}

/** Des pages comme les vraies : elles gardent la session quand le worker s'arrête, et la perdent quand le téléphone s'éteint. */
function createTabs() {
  const shared = { session: null, messages: [] };
  return {
    shared,
    async announce(type, content = {}) {
      if (type === "session") shared.session = content.session && { ...content.session };
      if (type === "verrou" || type === "revoque") shared.session = null;
      if (content.envoi) shared.messages.push(content.envoi);
    },
    recoverSession: async (acceptable) => (shared.session && acceptable(shared.session) ? { ...shared.session } : null),
    someVisible: async () => true,
  };
}

function boot(phone) {
  const { id, disk, clock } = phone;
  const open = (...request) => {
    globalThis.indexedDB = disk;
    return openDatabase(...request);
  };
  const app = createNotebookApp({
    clients: null,
    locks: { request: async (_name, work) => work() },
    pages: phone.tabs,
    store: createStore({ open }),
    fetch: (url, init) => ask(id, url, init),
    origin: ORIGIN,
    now: () => clock.ms,
    delay: () => {},
    random: () => 0,
    rendre,
    headers: ENTETES,
    assets: ACTIFS,
    version: "simulation",
    projeter,
    vues,
    saisie,
    dates: { jourParis, heureParis },
    moment: (instant) => instant,
    newId: () => phone.nextId(),
    background: () => {},
    activate: async () => {},
  });
  return Object.assign(phone, { app, ...app.parts });
}

const HEX = 16;

/** Des identifiants qui ne doublent jamais et se redisent à l'identique d'un rejeu à l'autre. */
function counter(rank) {
  const held = { n: 0 };
  return () => {
    held.n += 1;
    return `0197${rank.toString(HEX).padStart(4, "0")}-0000-7000-9000-${held.n.toString(HEX).padStart(12, "0")}`;
  };
}

async function rowsOf(phone) {
  const rows = await phone.store.all("operations");
  return rows.map(({ id, etat, fiche }) => ({ id, etat, fiche: fiche ?? id }));
}

const flatten = (dossier) =>
  Object.values(dossier)
    .flat()
    .filter((record) => record?.type)
    .map(({ envoi: _mark, ...record }) => record);

const orders = {
  oublier_tout: () => phones.clear(),

  async preparer({ appareil, rang, nom, depot, horloge }) {
    const phone = { id: appareil, disk: new IDBFactory(), clock: { ms: horloge }, tabs: createTabs(), nextId: counter(rang) };
    boot(phone);
    await phone.install({ appareil: { id: appareil, nom, depot }, phrase: PHRASE, iterations: 1 }, () => {});
    phones.set(appareil, phone);
  },

  horloge({ appareil, ms }) {
    phones.get(appareil).clock.ms = ms;
  },

  /** Écrire ce que le formulaire aurait rendu ; null si le carnet ne s'ouvre pas. */
  async noter({ appareil, operations }) {
    const phone = phones.get(appareil);
    const opened = await phone.session.current();
    if (!opened || !(await phone.ready())) return null;
    return phone.outbox.add(opened.cle, operations);
  },

  /** Un écran, demandé comme le fait la page : une adresse, ou un formulaire et ses champs dans l'ordre. */
  async demander({ appareil, adresse, champs = null }) {
    const form = champs && { method: "POST", body: new URLSearchParams(champs) };
    const answer = await phones.get(appareil).app.respond(new Request(`${ORIGIN}${adresse}`, form ?? {}));
    const vers = answer.headers.get("Location")?.replace(ORIGIN, "") ?? null;
    return { statut: answer.status, vers, page: await answer.text() };
  },

  async envoyer({ appareil }) {
    const { resultat, envoi } = await phones.get(appareil).courier.send("main");
    return { resultat, envoi };
  },

  verrouiller: ({ appareil }) => phones.get(appareil).session.lock(),
  ouvrir: ({ appareil }) => phones.get(appareil).unlock.unlock({ phrase: PHRASE }),

  /** Le navigateur arrête le worker : les pages gardent la clé. */
  async arreter_worker({ appareil }) {
    const phone = phones.get(appareil);
    await phone.store.close();
    boot(phone);
  },

  /** Le système tue le navigateur : il ne reste que le disque. */
  async tuer({ appareil }) {
    const phone = phones.get(appareil);
    await phone.store.close();
    phone.tabs = createTabs();
    boot(phone);
  },

  /** « J'ai oublié ma phrase » : ce qui attend part sous pli s'il peut, puis un carnet neuf prend la place de l'ancien. */
  async oublier({ appareil, nom }) {
    const phone = phones.get(appareil);
    try {
      await phone.leaving.sendAll();
      const answer = await ask(appareil, "/appareils", { body: JSON.stringify({ id: appareil, nom }), headers: JSON_TYPE });
      const { depot } = answer.ok ? await answer.json().catch(() => ({})) : {};
      if (!depot) return false;
      await phone.install({ appareil: { id: appareil, nom, depot }, phrase: PHRASE, iterations: 1, remplacer: true }, () => {});
      return true;
    } catch (error) {
      if (!CUT.test(error.message)) throw error;
      return false;
    }
  },

  async etat({ appareil }) {
    const phone = phones.get(appareil);
    // Ouvert, il lit d'abord son carnet, comme tout écran avant de dire où en est l'envoi.
    if ((await phone.session.current()) !== null) await phone.ready();
    return {
      boite: await rowsOf(phone),
      gardees: (await phone.store.all("gardees")).map(({ id, redonner }) => ({ id, redonner: redonner === true })),
      envoi: await phone.courier.state(),
    };
  },

  /** Les copies du serveur, carnet ouvert ; null : il est fermé. */
  async fiches({ appareil }) {
    const phone = phones.get(appareil);
    const ouvert = (await phone.session.current()) !== null && (await phone.ready());
    return ouvert ? [...phone.etat.copies()].flatMap(([, copy]) => flatten(copy)) : null;
  },
};

for (;;) {
  const order = await listen();
  if (!order) break;
  try {
    say({ fini: (await orders[order.ordre](order)) ?? null });
  } catch (error) {
    say({ echec: `${error.name}: ${error.message}`, trace: error.stack });
  }
}
