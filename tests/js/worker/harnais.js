/* Un téléphone d'essai : magasin en mémoire, horloge réglable, réseau et serveur simulés. */
import { IDBFactory } from "fake-indexeddb";
import * as fake from "fake-indexeddb";

import { createNotebookApp } from "../../../static/js/worker/notebook_app.js";

for (const name of Object.keys(fake).filter((key) => key.startsWith("IDB"))) globalThis[name] = fake[name];

export const STRUCTURE = "0190c0de-0000-7000-8000-000000000001";
export const UTILISATRICE = "0190c0de-0000-7000-8000-000000000002";
export const PHRASE = "quatre jalons au bord du canal";
const QUICK = 1000;

/** Une clé publique d'essai : sans elle, rien ne se scelle et aucun pli ne se garde. */
export async function uneCleDeScellement() {
  const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  return { id: "0190c0de-0000-7000-8000-00000000c1e0", publique: await crypto.subtle.exportKey("jwk", pair.publicKey) };
}

const suite = { n: 0 };
export function unId() {
  suite.n += 1;
  return `0190c0de-0000-7000-8000-${String(suite.n + 1000).padStart(12, "0")}`;
}

/** Règle d'essai : une opération pose ses champs sur la fiche qu'elle nomme. */
export function projeter(dossier, op) {
  const base = dossier ?? { personne: null, mesures: [], rendez_vous: [], entretiens: [], controles: [] };
  if (op.genre === "creer_personne" || op.genre === "modifier_personne") {
    return { ...base, personne: { type: "personne", id: op.entite, version: 0, ...base.personne, ...op.champs } };
  }
  const before = base.entretiens.find(({ id }) => id === op.entite);
  const entretien = { type: "entretien", id: op.entite, personne_id: op.personne, version: null, ...before, ...op.champs };
  return { ...base, entretiens: [...base.entretiens.filter(({ id }) => id !== op.entite), entretien] };
}

export function unePersonne(champs = {}) {
  return { type: "personne", id: unId(), version: 1, nom: "Exemple", prenom: "Inès", ...champs };
}

export function unEntretien(personne, champs = {}) {
  return { id: unId(), genre: "noter_entretien", entite: unId(), personne, champs: { synthese: "Point sur les démarches.", ...champs } };
}

const json = (body, init = {}) =>
  new Response(JSON.stringify(body), {
    ...init,
    headers: { "Content-Type": "application/vnd.jalon.echange+json", ...init.headers },
  });

export async function readBody(init) {
  if (init.headers["Content-Encoding"] !== "gzip") return JSON.parse(new TextDecoder().decode(init.body));
  const stream = new Blob([init.body]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

/** Un serveur d'essai qui applique chaque opération une fois, et qu'on peut mettre en panne. */
export function unServeur({ sealingKey = null } = {}) {
  const server = {
    log: new Map(),
    applied: [],
    /** Toutes les fiches, par id : comme le vrai flux, une réponse n'en porte que ce qui a changé, jamais le dossier entier. */
    records: new Map(),
    requests: [],
    deposits: [],
    sequence: 0,
    held: new Set(),
    refused: new Map(),
    depositStatus: new Map(),
    removals: [],
    gone: new Set(),
    diverging: [],
    faults: [],
    /** L'époque change à chaque restauration : un curseur d'avant fait repartir. */
    epoch: 1,
    sauvegarde: null,
    clock: "2026-11-26T09:00:00Z",
    pageSize: Infinity,
    role: "conseiller",
    annuaire: null,
    structure: { id: STRUCTURE, nom: "Association d'essai", grace_minutes: 5, bail_jours: 7 },
  };
  const reference = () => ({
    structure: server.structure,
    utilisateur: { id: UTILISATRICE, nom: "Essai", prenom: "Une", role: server.role },
    conventions: [],
    lieux: [],
    collegues: [],
    cle_scellement: sealingKey,
    empreinte: "r1",
    ...(server.annuaire && { annuaire: server.annuaire.empreinte }),
  });

  server.put = (record) => {
    server.sequence += 1;
    server.records.set(record.id, { ...record, version: server.sequence });
  };

  function applyOne(op) {
    const seen = server.log.get(op.id);
    if (seen) return { id: op.id, statut: "duplicate", premier: seen.statut, version: seen.version, erreurs: seen.erreurs };
    if (server.held.has(op.id)) return { id: op.id, statut: "held", version: null, erreurs: {} };
    const erreurs = server.refused.get(op.id);
    const result = erreurs
      ? { id: op.id, statut: "refused", version: null, erreurs }
      : { id: op.id, statut: "applied", version: (server.sequence += 1), erreurs: {} };
    server.log.set(op.id, result);
    if (!erreurs) {
      server.applied.push(op);
      if (server.gone.has(op.personne)) return result;
      const person = server.records.get(op.personne) ?? { type: "personne", id: op.personne };
      server.records.set(op.personne, { ...person, ...(op.entite === op.personne ? op.champs : {}), version: result.version });
    }
    return result;
  }

  /** Les dossiers que l'appareil dit ne pas tenir, entre ses bornes. */
  function missingDossiers({ bilans, bilans_entre: bounds }) {
    if (!bounds) return [];
    const people = [...server.records.values()].filter(({ type }) => type === "personne").map(({ id }) => id);
    return people.filter((id) => !(id in bilans) && id > bounds[0] && (bounds[1] === null || id <= bounds[1]));
  }

  function exchange(body) {
    server.requests.push(body);
    const resultats = body.operations.map(applyOne);
    const [number, epoch = server.epoch] = (body.curseur ?? "0").split("/");
    const restauree = Number(epoch) !== server.epoch;
    const since = restauree ? 0 : Number(number);
    const news = [...server.records.values()].filter(({ version }) => version > since).sort((a, b) => a.version - b.version);
    const missing = missingDossiers(body);
    const lost = [...server.records.values()].filter(({ id, personne_id: personne }) => missing.includes(personne ?? id));
    const fiches = [...new Set([...news.slice(0, server.pageSize), ...lost])];
    const suite = fiches.length < news.length;
    return {
      protocole: 1,
      resultats,
      fiches,
      retraits: server.removals.splice(0),
      tombes: [],
      curseur: `${fiches.at(-1)?.version ?? Math.max(since, server.sequence)}/${server.epoch}`,
      suite,
      restant: news.length - fiches.length,
      ...(body.reference === "r1" ? {} : { reference: reference() }),
      heure_serveur: server.clock,
      sauvegarde: server.sauvegarde && { instant: server.sauvegarde },
      ...(restauree ? { repartir: true, restauree: true } : {}),
      ...(body.bilans ? { a_reprendre: [...server.diverging.splice(0), ...missing] } : {}),
    };
  }

  server.fetch = async (url, init) => {
    const fault = server.faults.shift();
    if (fault === "coupure") throw new TypeError("Failed to fetch");
    if (typeof fault === "function") return fault(url, init);
    const body = await readBody(init);
    if (url === "/sync/scelles") {
      server.deposits.push({ body, authorization: init.headers.Authorization });
      return json({ resultats: body.enveloppes.map(({ id }) => ({ id, statut: server.depositStatus.get(id) ?? "applied" })) });
    }
    if (url === "/sync/annuaire") return json({ annuaire: server.annuaire });
    const answer = exchange(body);
    if (fault === "reponse_perdue") throw new TypeError("Failed to fetch");
    return json(answer);
  };
  return server;
}

export const reponses = {
  portail: () => new Response("<html>Bienvenue sur le wifi</html>", { headers: { "Content-Type": "text/html" } }),
  portailJson: () => new Response("{}", { headers: { "Content-Type": "application/json" } }),
  session: () => json({ erreur: "session_expiree", message: "Reconnectez-vous." }, { status: 401 }),
  revoque: () => json({ erreur: "appareil_revoque", message: "Appareil révoqué." }, { status: 410 }),
  appareilInconnu: () => json({ erreur: "appareil_inconnu", message: "Cet appareil n’est pas enrôlé." }, { status: 409 }),
  autrePersonne: () => json({ erreur: "appareil_d_un_autre", message: "Autre compte." }, { status: 409 }),
  faux410: () => new Response("Gone", { status: 410, headers: { "Content-Type": "text/html" } }),
  attendre: (seconds) => () => json({ erreur: "trop_de_demandes", message: "" }, { status: 429, headers: { "Retry-After": String(seconds) } }),
  invalide: () => json({ erreur: "demande_invalide", message: "Illisible." }, { status: 400 }),
  redirection: () => ({ type: "opaqueredirect", redirected: false, status: 0, headers: new Headers() }),
};

/** Des pages qui gardent la session comme les vraies, sans navigateur. */
export function desPages({ visible = true } = {}) {
  const shared = { session: null, visible, messages: [] };
  return {
    shared,
    async announce(type, content = {}) {
      shared.messages.push({ type, ...content });
      if (type === "session") shared.session = content.session && { ...content.session };
      if (type === "verrou") shared.session = null;
    },
    async recoverSession(acceptable) {
      return shared.session && (await acceptable(shared.session)) ? { ...shared.session } : null;
    },
    someVisible: async () => shared.visible,
  };
}

const locks = { request: async (_name, work) => work() };

/** Assemble un travailleur sur un disque donné : deux appels avec le même disque simulent un redémarrage. */
export function unTelephone({
  server,
  disk = new IDBFactory(),
  pages = desPages(),
  clock = { ms: Date.parse("2026-11-26T09:00:00Z") },
  rules = {},
}) {
  globalThis.indexedDB = disk;
  const after = [];
  const app = createNotebookApp({
    clients: null,
    locks,
    pages,
    fetch: (...args) => server.fetch(...args),
    origin: "https://jalon.example",
    now: () => clock.ms,
    delay: () => {},
    random: () => 0,
    rendre: (gabarit, contexte) => JSON.stringify({ gabarit, contexte }),
    headers: { "Content-Security-Policy": "script-src 'nonce-{nonce}'" },
    assets: {},
    version: "essai",
    projeter,
    vues: {},
    saisie: {},
    dates: { jourParis: (instant) => instant.slice(0, 10), heureParis: (instant) => instant.slice(11, 16) },
    moment: () => "10 h",
    newId: unId,
    background: (_request, work) => after.push(work()),
    activate: async () => {},
    ...rules,
  });
  const phone = { ...app, ...app.parts, pages, disk, clock, server, after };
  phone.load = phone.ready;
  phone.prepare = (choices = {}, progress = () => {}) =>
    phone.install(
      {
        appareil: { id: "0190c0de-0000-7000-8000-00000000a001", nom: "Téléphone d'essai", depot: "secret-de-depot" },
        phrase: PHRASE,
        iterations: QUICK,
        ...choices,
      },
      progress,
    );
  phone.note = async (...drafts) => phone.outbox.add((await phone.session.current()).cle, drafts);
  phone.restart = (changed = rules) => unTelephone({ server, disk, clock, pages, rules: changed });
  phone.kill = () => unTelephone({ server, disk, clock, pages: desPages(), rules });
  return phone;
}

export async function unTelephonePrepare(options = {}) {
  const server = options.server ?? unServeur(options);
  const person = unePersonne();
  server.put(person);
  const phone = unTelephone({ server, ...options });
  await phone.prepare(options.choices);
  return { phone, server, person };
}
