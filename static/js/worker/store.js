/* IndexedDB : ouvrir, rouvrir, lire, écrire d'un seul tenant.
 *
 * Deux règles tiennent tout : chiffrer avant d'ouvrir la transaction (attendre WebCrypto dedans la ferme, sauf dans Chromium), et
 * attendre la fin de la transaction, pas celle de la dernière requête. La connexion peut tomber à l'arrière-plan (iOS) ou être
 * demandée par une version plus récente : on la rouvre au prochain accès.
 */
import { answer, answers, finished, openDatabase } from "./database.js";
import { NAME, STORES, upgrade, VERSION } from "./schema.js";

/**
 * Lus à chaque écran et petits : gardés en mémoire jusqu'à ce qu'on les réécrive. Le travailleur est leur seul écrivain, sauf le temps
 * d'une mise à jour où l'ancien finit ce qu'il faisait : celui qui prend la suite, ou l'échange, relit (`reread`).
 */
const REMEMBERED = new Set([STORES.meta, STORES.operations]);

const SEEN = [STORES.meta, STORES.operations, STORES.reference];

/** Où trouver une lecture dans le coup d'œil, si elle y est. */
function inOverview(store, what) {
  if (store === STORES.meta && what.startsWith("=")) return ({ meta }) => meta.get(what.slice(1));
  return store === STORES.operations && what === "*" ? ({ operations }) => operations : null;
}

/** Le magasin `meta` d'une écriture, qui note dans `touched` les clés qu'elle change. */
const noting = (meta, touched) => ({
  get: (key) => meta.get(key),
  put(value, key) {
    touched.add(key);
    return meta.put(value, key);
  },
  delete(key) {
    touched.add(key);
    return meta.delete(key);
  },
  clear() {
    touched.all = true;
    return meta.clear();
  },
});

const CLOSED = new Set(["InvalidStateError", "UnknownError"]);

export function createStore({ name = NAME, open = openDatabase, version = VERSION, migrate = upgrade } = {}) {
  const held = { connection: null, overview: null };
  const remembered = new Map();

  function once(store, what, read) {
    if (!REMEMBERED.has(store)) return read();
    const { overview } = held;
    const found = overview && inOverview(store, what);
    // Si le coup d'œil échoue, la lecture seule dira pourquoi.
    if (found) return overview.then(found, read);
    const known = remembered.get(store) ?? new Map();
    remembered.set(store, known);
    if (!known.has(what)) {
      const reading = read();
      known.set(what, reading);
      reading.catch(() => known.delete(what));
    }
    return known.get(what);
  }

  /** De la méta, les seules clés touchées : le coffre et les réglages se lisent à chaque écran et ne changent presque jamais. */
  function forgetWhatChanged(stores, touched) {
    if (stores.some((store) => SEEN.includes(store))) held.overview = null;
    for (const store of stores) if (store !== STORES.meta || touched.all) remembered.delete(store);
    for (const key of touched) remembered.get(STORES.meta)?.delete(`=${key}`);
  }

  function reread() {
    held.overview = null;
    remembered.clear();
  }

  function forget() {
    held.connection = null;
    reread();
  }

  async function readOverview(db) {
    const transaction = db.transaction(SEEN);
    const [meta, ...others] = SEEN.map((store) => transaction.objectStore(store));
    const requests = [meta.getAllKeys(), meta.getAll(), ...others.map((store) => store.getAll())];
    const [keys, values, operations, reference] = await answers(transaction, requests);
    return { meta: new Map(keys.map((key, index) => [key, values[index]])), operations, reference };
  }

  /** Ce que tout écran demande, d'un même instant et en une lecture ; retenu jusqu'à la prochaine écriture. */
  function overview() {
    if (held.overview) return held.overview;
    const reading = withConnection(readOverview);
    held.overview = reading;
    reading.catch(() => {
      if (held.overview === reading) held.overview = null;
    });
    return reading;
  }

  function connect() {
    held.connection ??= open(name, version, { upgrade: migrate, lost: forget }).catch((error) => {
      forget();
      throw error;
    });
    return held.connection;
  }

  /** Une connexion perdue entre deux accès se voit à l'ouverture de la transaction : on rouvre et on recommence, une fois. */
  async function withConnection(work) {
    const db = await connect();
    try {
      return await work(db);
    } catch (error) {
      if (!CLOSED.has(error.name)) throw error;
      forget();
      return work(await connect());
    }
  }

  const write = (stores, queue) =>
    withConnection(async (db) => {
      const transaction = db.transaction(stores, "readwrite", { durability: "strict" });
      const done = finished(transaction);
      const touched = new Set();
      const objects = (store) => transaction.objectStore(store);
      try {
        queue((store) => (store === STORES.meta ? noting(objects(store), touched) : objects(store)));
        forgetWhatChanged(stores, touched);
      } catch (error) {
        transaction.abort();
        await done.catch(() => {});
        throw error;
      }
      await done.finally(() => forgetWhatChanged(stores, touched));
    });

  return {
    get: (store, key) => once(store, `=${key}`, () => withConnection((db) => answer(db.transaction(store).objectStore(store).get(key)))),
    all: (store) => once(store, "*", () => withConnection((db) => answer(db.transaction(store).objectStore(store).getAll()))),

    overview,

    /** Quelques dossiers, et de quoi voir si le reste a bougé, d'un même instant. */
    some: (ids) =>
      withConnection(async (db) => {
        const transaction = db.transaction([STORES.meta, STORES.operations, STORES.dossiers]);
        const dossiers = transaction.objectStore(STORES.dossiers);
        const [curseur, operations, ...found] = await answers(transaction, [
          transaction.objectStore(STORES.meta).get("curseur"),
          transaction.objectStore(STORES.operations).getAllKeys(),
          ...ids.map((id) => dossiers.get(id)),
        ]);
        return { curseur, operations, dossiers: found.filter(Boolean) };
      }),

    /** Ce qui a été lu a pu changer sous un autre travailleur. */
    reread,

    /** Plusieurs magasins lus dans le même instant : {nom: [lignes]}. */
    snapshot: (stores) =>
      withConnection(async (db) => {
        const transaction = db.transaction(stores);
        const rows = await answers(transaction, stores.map((store) => transaction.objectStore(store).getAll()));
        return Object.fromEntries(stores.map((store, index) => [store, rows[index]]));
      }),

    /**
     * Une transaction durable. `queue(objectStore)` pose ses requêtes d'un trait, sans rien attendre : un échec ne se dit qu'une fois,
     * par la transaction.
     * @param {string[]} stores
     */
    write,

    /** Ce dont on se passe sur un téléphone plein : la même écriture ; faux si la place manque, et rien n'est écrit. */
    async writeIfRoom(stores, queue) {
      try {
        await write(stores, queue);
        return true;
      } catch (error) {
        if (error.name !== "QuotaExceededError") throw error;
        return false;
      }
    },

    async close() {
      const pending = held.connection;
      forget();
      (await pending)?.close();
    },
  };
}
