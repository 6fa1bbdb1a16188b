/* Le peu de promesses dont le magasin a besoin autour d'IndexedDB. */

/** La réponse d'une requête. */
export const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** La fin d'une transaction : tout y est écrit, ou rien. */
export const finished = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException("transaction abandonnée", "AbortError"));
  });

/** Toutes les réponses d'une transaction, une fois finie. */
export async function answers(transaction, requests) {
  const [, ...results] = await Promise.all([finished(transaction), ...requests.map(answer)]);
  return results;
}

/** @param {{upgrade: (db: IDBDatabase, from: number) => void, lost: () => void}} around  `lost` : fermée, ou à laisser à une version neuve */
export async function openDatabase(name, version, { upgrade, lost }) {
  const request = indexedDB.open(name, version);
  request.onupgradeneeded = ({ oldVersion }) => upgrade(request.result, oldVersion);
  const db = await answer(request);
  db.onclose = lost;
  db.onversionchange = () => {
    db.close();
    lost();
  };
  return db;
}
