/* Quitter ce téléphone : ce qui n'est pas parti s'en va d'abord, puis tout ce que ce navigateur gardait s'efface. */
import { leftBehind } from "./sealed_deposit.js";
import { STORES } from "./schema.js";

export function createLeaving({ store, session, courier, deposit }) {
  /**
   * Envoie tout ce qui peut l'être : en clair carnet ouvert, le reste sous pli.
   * @returns {Promise<{restantes: number, sans_pli: number, refusees: number, joint: boolean}>} ce qui reste malgré tout ; joint : le
   *   serveur a répondu
   */
  async function sendAll() {
    await courier.send("main");
    const { resultat } = await deposit();
    return { ...(await leftBehind(store)), joint: resultat === "depose" };
  }

  /** `efface` : on saura que personne d'autre ne l'a fait. */
  async function eraseAll() {
    const appareil = await store.get(STORES.meta, "appareil");
    await session.lock();
    await store.write(Object.values(STORES), (objects) => {
      for (const name of Object.values(STORES)) objects(name).clear();
      objects(STORES.meta).put(true, "efface");
    });
    return { etat: "efface", appareil: appareil?.id ?? null };
  }

  /** @param {{confirme: boolean}} choice  confirme : la personne sait ce qu'elle perd, et combien */
  async function erase({ confirme }) {
    const left = await sendAll();
    if (!confirme && left.restantes + left.refusees > 0) return { etat: "restent", ...left };
    return eraseAll();
  }

  return { sendAll, erase };
}
