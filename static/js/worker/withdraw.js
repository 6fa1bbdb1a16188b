/* Revenir sur un geste qui n'est pas parti. Sous le verrou de l'échange : rien n'est en route pendant ce temps.
 *
 * Une opération partie sans que la réponse revienne ne se distingue pas d'une autre. Réservé aux gestes que le serveur rend tels quels
 * à l'échange suivant (un désaccord réglé) : au pire il revient réglé, et cela se voit ; rien ne se perd ni ne se double.
 */
import { STORES } from "./schema.js";

export function createWithdraw({ store, etat, outbox, locks }) {
  const remove = (id) =>
    outbox.inTurn(async () => {
      const row = await store.get(STORES.operations, id);
      if (etat.operation(id)?.etat !== "attente" || row?.deposee) return false;
      await store.write([STORES.operations], (objects) => objects(STORES.operations).delete(id));
      etat.dropOperation(id);
      return true;
    });

  /** @returns {Promise<boolean>} faux : c'est parti, ou en train de partir */
  return (id) => locks.request("jalon-echange", { ifAvailable: true }, (lock) => (lock ? remove(id) : false));
}
