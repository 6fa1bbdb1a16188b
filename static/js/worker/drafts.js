/* Les brouillons : chaque formulaire en cours, chiffré, gardé au fil de la frappe et effacé quand la fiche est enregistrée. */
import { decrypt, encrypt, place } from "./cipher.js";
import { STORES } from "./schema.js";

const placeOfDraft = (structure, cle) => place(structure, STORES.brouillons, cle, 1);

/** `inTurn` : la file de la boîte d'envoi ; un brouillon en retard ne renaît pas après la fiche qui l'a effacé. */
export function createDrafts({ store, now, inTurn }) {
  const save = (key, structure, cle, champs) =>
    inTurn(async () => {
      const le = new Date(now()).toISOString();
      const donnees = await encrypt(key, { champs, le }, placeOfDraft(structure, cle));
      await store.write([STORES.brouillons], (objects) => objects(STORES.brouillons).put({ cle, donnees }));
    });

  async function read(key, structure, cle) {
    const row = await store.get(STORES.brouillons, cle);
    return row ? decrypt(key, row.donnees, placeOfDraft(structure, cle)) : null;
  }

  const erase = (cle) => inTurn(() => store.write([STORES.brouillons], (objects) => objects(STORES.brouillons).delete(cle)));

  return { save, read, erase };
}
