/* Les bilans : une fois par jour, quand rien n'attend, le compte et l'empreinte de chaque dossier sont comparés à ceux du serveur. Un
 * écart que rien d'autre n'aurait montré fait redescendre le dossier entier. */
import { everyRecord } from "./dossier.js";
import { utf8 } from "./octets.js";
import { STORES } from "./schema.js";

const AT_ONCE = 200;
const KEPT_HEX = 16;

/** « nombre:empreinte » des fiches d'un dossier, telles que le serveur les a envoyées (docs/synchronisation.md, § 6). */
export async function bilan(records) {
  const lines = records.map(({ type, id, version }) => `${type} ${id} ${version}\n`).sort();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(lines.join(""))));
  const hex = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${records.length}:${hex.slice(0, KEPT_HEX)}`;
}

/** @param {{store, etat, now}} parts */
export function createBilans({ store, etat, now }) {
  const today = () => new Date(now()).toISOString().slice(0, 10);

  /** Les bilans à joindre à cette demande, ou null : déjà faits aujourd'hui, ou le carnet n'est pas au repos. */
  async function take() {
    const [done, first] = await Promise.all([store.get(STORES.meta, "bilans"), store.get(STORES.meta, "premier_echange")]);
    if (done?.jour === today() || first?.complet !== true || etat.operations().length) return null;
    const ids = [...etat.copies().keys()].sort();
    const next = ids.filter((id) => id > (done?.apres ?? "")).slice(0, AT_ONCE);
    const pairs = await Promise.all(next.map(async (id) => [id, await bilan(everyRecord(etat.copy(id)))]));
    return pairs.length ? Object.fromEntries(pairs) : null;
  }

  /** Ce qui différait revient entier dans cette réponse : on recomparera au prochain échange. */
  async function settled(asked, answer) {
    if (!Array.isArray(answer.a_reprendre) || answer.a_reprendre.length) return;
    const ids = Object.keys(asked);
    const entry = { jour: today(), apres: ids.length === AT_ONCE ? ids.at(-1) : "" };
    await store.write([STORES.meta], (objects) => objects(STORES.meta).put(entry, "bilans"));
  }

  return { take, settled };
}
