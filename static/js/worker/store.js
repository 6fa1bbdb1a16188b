/* IndexedDB : ouvrir, rouvrir, lire, écrire d'un seul tenant.
 *
 * Deux règles tiennent tout : chiffrer avant d'ouvrir la transaction (attendre WebCrypto dedans la ferme, sauf dans Chromium), et
 * attendre la fin de la transaction, pas celle de la dernière requête. La connexion peut tomber à l'arrière-plan (iOS) ou être
 * demandée par une version plus récente : on la rouvre au prochain accès.
 */
import { openDB, unwrap } from "idb";
import { NAME, STORES, upgrade, VERSION } from "./schema.js";

/**
 * Lus à chaque écran et petits : gardés en mémoire jusqu'à la prochaine écriture. Le travailleur est leur seul écrivain, sauf le temps
 * d'une mise à jour où l'ancien finit ce qu'il faisait : celui qui prend la suite, ou l'échange, relit (`reread`).
 */
const REMEMBERED = new Set([STORES.meta, STORES.operations]);

const SEEN = [STORES.meta, STORES.operations, STORES.reference];

/** Où trouver une lecture dans le coup d'œil, si elle y est. */
function inOverview(store, what) {
  if (store === STORES.meta && what.startsWith("=")) return ({ meta }) => meta.get(what.slice(1));
  return store === STORES.operations && what === "*" ? ({ operations }) => operations : null;
}

const CLOSED = new Set(["InvalidStateError", "UnknownError"]);

export function createStore({ name = NAME, open = openDB, version = VERSION, migrate = upgrade } = {}) {
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

  function forgetWhatWasRead(stores) {
    if (stores.some((store) => SEEN.includes(store))) held.overview = null;
    for (const store of stores) remembered.delete(store);
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
    const meta = transaction.objectStore(STORES.meta);
    const [keys, values, operations, reference] = await Promise.all([
      meta.getAllKeys(),
      meta.getAll(),
      transaction.objectStore(STORES.operations).getAll(),
      transaction.objectStore(STORES.reference).getAll(),
    ]);
    await transaction.done;
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
    held.connection ??= open(name, version, {
      upgrade: (db, from) => migrate(db, from),
      blocking(_current, _wanted, event) {
        event.target.close();
        forget();
      },
      terminated: forget,
    }).catch((error) => {
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

  return {
    get: (store, key) => once(store, `=${key}`, () => withConnection((db) => db.get(store, key))),
    all: (store) => once(store, "*", () => withConnection((db) => db.getAll(store))),

    overview,

    /** Quelques dossiers, et de quoi voir si le reste a bougé, d'un même instant. */
    some: (ids) =>
      withConnection(async (db) => {
        const transaction = db.transaction([STORES.meta, STORES.operations, STORES.dossiers]);
        const [curseur, operations, ...found] = await Promise.all([
          transaction.objectStore(STORES.meta).get("curseur"),
          transaction.objectStore(STORES.operations).getAllKeys(),
          ...ids.map((id) => transaction.objectStore(STORES.dossiers).get(id)),
        ]);
        await transaction.done;
        return { curseur, operations, dossiers: found.filter(Boolean) };
      }),

    /** Ce qui a été lu a pu changer sous un autre travailleur. */
    reread,

    /** Plusieurs magasins lus dans le même instant : {nom: [lignes]}. */
    snapshot: (stores) =>
      withConnection(async (db) => {
        const transaction = db.transaction(stores);
        const rows = await Promise.all(stores.map((store) => transaction.objectStore(store).getAll()));
        await transaction.done;
        return Object.fromEntries(stores.map((store, index) => [store, rows[index]]));
      }),

    /**
     * Une transaction durable. `queue(objectStore)` pose ses requêtes d'un trait, sans rien attendre : les magasins lui sont donnés
     * nus, pour qu'un échec ne se dise qu'une fois, par la transaction.
     * @param {string[]} stores
     */
    write: (stores, queue) =>
      withConnection(async (db) => {
        forgetWhatWasRead(stores);
        const transaction = db.transaction(stores, "readwrite", { durability: "strict" });
        try {
          queue((store) => unwrap(transaction.objectStore(store)));
        } catch (error) {
          transaction.abort();
          await transaction.done.catch(() => {});
          throw error;
        }
        await transaction.done.finally(() => forgetWhatWasRead(stores));
      }),

    async close() {
      const pending = held.connection;
      forget();
      (await pending)?.close();
    },
  };
}
