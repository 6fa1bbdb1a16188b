/* Le bail : au-delà d'un certain temps sans échange, le carnet ne s'ouvre plus sans le serveur. La clé ne sert alors qu'à le joindre. */
import { STORES } from "./schema.js";

const DAY = 86_400_000;

export const EXPIRED =
  "Ce téléphone n’a pas joint le serveur depuis trop longtemps. Connectez-le au réseau pour l’ouvrir\u202f: ce que vous avez noté est gardé.";

/** @param {{store, now}} parts */
export function createLease({ store, now }) {
  const facts = () => Promise.all([store.get(STORES.meta, "reglages"), store.get(STORES.meta, "dernier_echange")]);

  return {
    async expired() {
      const [settings, last] = await facts();
      if (!settings || !last) return false;
      return now() - Date.parse(last.instant) > settings.bail_jours * DAY;
    },
    /** Jours encore possibles sans échange, ou null avant le premier. */
    async daysLeft() {
      const [settings, last] = await facts();
      if (!settings || !last) return null;
      return Math.max(0, settings.bail_jours - Math.floor((now() - Date.parse(last.instant)) / DAY));
    },
  };
}
