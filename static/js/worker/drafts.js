/* Les brouillons : chaque formulaire en cours, chiffré, gardé au fil de la frappe et effacé quand la fiche est enregistrée. */
import { GARDE_POSITION_JOURS } from "../domain/maraude.js";
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
  async function put(key, structure, cle, draft) {
    const donnees = await encrypt(key, draft, placeOfDraft(structure, cle));
    await store.write([STORES.brouillons], (objects) => objects(STORES.brouillons).put({ cle, donnees }));
  }

  const save = (key, structure, cle, champs) => inTurn(() => put(key, structure, cle, { champs, le: new Date(now()).toISOString() }));

  async function read(key, structure, cle) {
    const row = await store.get(STORES.brouillons, cle);
    return row ? openOrNull(key, structure, row) : null;
  }

  /** La position d'une rencontre commencée et laissée là ne se garde pas plus longtemps qu'au cahier. */
  const forgetPositions = (key, structure) =>
    inTurn(async () => {
      for (const row of await store.all(STORES.brouillons)) {
        const draft = await openOrNull(key, structure, row);
        const champs = draft?.champs.filter(([name]) => name !== "position");
        const past = draft && now() - Date.parse(draft.le) > GARDE_POSITION_JOURS * DAY;
        if (past && champs.length < draft.champs.length) await put(key, structure, row.cle, { ...draft, champs });
      }
    });

  const erase = (cle) => inTurn(() => store.write([STORES.brouillons], (objects) => objects(STORES.brouillons).delete(cle)));

  return { save, read, erase, forgetPositions };
}
