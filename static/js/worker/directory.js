/* L'annuaire sur ce téléphone : une valeur chiffrée à part, relue seulement quand on l'ouvre, redemandée seulement quand la référence
 * en dit une autre empreinte. Sans lui, tout le reste marche ; un échec attend l'échange suivant. */
import { decrypt, encrypt, place } from "./cipher.js";
import { STORES } from "./schema.js";

const ID = "annuaire";

const placeOfDirectory = (structure, empreinte) => place(structure, STORES.annuaire, ID, empreinte);

export function createDirectory({ store, etat, session, transport }) {
  const held = { generation: null, poche: null };

  /** L'annuaire gardé, ou null : pas encore venu, ou illisible, et alors il sera redemandé. */
  async function open() {
    const { generation, structure } = etat;
    if (held.generation === generation) return held.poche;
    const [row, opened] = await Promise.all([store.get(STORES.annuaire, ID), session.current()]);
    if (!opened) return null;
    const poche = row ? await decrypt(opened.cle, row.donnees, placeOfDirectory(structure, row.empreinte)).catch(() => null) : null;
    if (etat.generation !== generation) return null;
    if (row && !poche) await store.writeIfRoom([STORES.annuaire], (objects) => objects(STORES.annuaire).delete(ID));
    Object.assign(held, { generation, poche });
    return poche;
  }

  /** Met le téléphone à l'empreinte que dit la référence. */
  async function follow({ key, generation }) {
    const wanted = etat.reference?.annuaire ?? null;
    const row = await store.get(STORES.annuaire, ID);
    if (etat.generation !== generation || (row?.empreinte ?? null) === wanted) return;
    const answer = wanted ? await transport.post("/sync/annuaire", {}) : null;
    if (wanted && answer.issue !== "reponse") return;
    const poche = answer?.corps.annuaire ?? null;
    if (poche && (typeof poche.empreinte !== "string" || !Array.isArray(poche.services))) return;
    const { structure } = etat;
    const donnees = poche && (await encrypt(key, poche, placeOfDirectory(structure, poche.empreinte)));
    if (etat.generation !== generation) return;
    await store.writeIfRoom([STORES.annuaire], (objects) => {
      if (poche) objects(STORES.annuaire).put({ id: ID, empreinte: poche.empreinte, donnees });
      else objects(STORES.annuaire).delete(ID);
    });
    held.generation = null;
  }

  return {
    open,
    follow,
    forget() {
      Object.assign(held, { generation: null, poche: null });
    },
  };
}
