/* Les brouillons : chaque formulaire en cours, chiffré, gardé au fil de la frappe et effacé quand la fiche est enregistrée. */
import { decrypt, encrypt, place } from "./cipher.js";
import { STORES } from "./schema.js";

const DAY = 86_400_000;

const placeOfDraft = (structure, cle) => place(structure, STORES.brouillons, cle, 1);

export const openDraft = (key, structure, { cle, donnees }) => decrypt(key, donnees, placeOfDraft(structure, cle));

/** Abîmé, un brouillon n'en est plus un : l'ouverture du carnet suivante l'ôtera et le dira. */
const openOrNull = (key, structure, row) => openDraft(key, structure, row).catch(() => null);

/** Les fiches et les personnes d'un formulaire touché depuis moins d'un jour ; plus vieux, un brouillon oublié ne retient rien. */
export async function beingWritten({ store, key, structure, now }) {
  const rows = await store.all(STORES.brouillons);
  const drafts = await Promise.all(rows.map(async (row) => [row.cle, await openOrNull(key, structure, row)]));
  return new Set(drafts.filter(([, draft]) => draft && now() - Date.parse(draft.le) < DAY).flatMap(([cle]) => cle.split(":").slice(1)));
}

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
    return row ? openOrNull(key, structure, row) : null;
  }

  const erase = (cle) => inTurn(() => store.write([STORES.brouillons], (objects) => objects(STORES.brouillons).delete(cle)));

  return { save, read, erase };
}
