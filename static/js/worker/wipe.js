/* Le serveur a révoqué ce téléphone : la clé et la copie sont détruites, ce qui attendait part sous pli, puis le navigateur oublie
 * tout ce qui est d'ici. */
import { ANNONCE } from "../messages.js";
import { STORES } from "./schema.js";
import { MEDIA } from "./transport.js";
import { destroyVault } from "./unlock.js";

export function createWipe({ store, session, deposit, pages, fetch }) {
  return async function wipe() {
    if (!(await store.get(STORES.meta, "revoque"))) {
      await session.lock();
      await destroyVault(store);
      await store.write([STORES.meta], (objects) => objects(STORES.meta).put(true, "revoque"));
      await pages.announce(ANNONCE.REVOQUE);
    }
    await deposit({ tout: true });
    // Tant que le serveur n'a pas pris un pli, même refusé, la boîte d'envoi reste : le prochain réveil recommencera.
    if ((await store.all(STORES.operations)).some((row) => row.scelle)) return;
    await store.close();
    // Ce type de corps est le nôtre : sans lui le serveur prendrait la demande pour celle d'un autre site.
    await fetch("/appareils/adieu", { method: "POST", cache: "no-store", headers: { "Content-Type": MEDIA } }).catch(() => {});
  };
}
