/* Les bilans : une fois par jour, quand rien n'attend, le compte et l'empreinte de chaque dossier sont comparés à ceux du serveur. Un
 * écart que rien d'autre n'aurait montré, ou un dossier entier qui manque ici, le fait redescendre. */
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

  /**
   * Ce qu'il faut joindre à cette demande, ou null : déjà fait aujourd'hui, ou le carnet n'est pas au repos. `bilans_entre` dit que tous
   * les dossiers tenus ici entre ces deux identifiants sont dans `bilans` : un dossier qui manque entier se voit aussi.
   */
  async function take() {
    const [done, first] = await Promise.all([store.get(STORES.meta, "bilans"), store.get(STORES.meta, "premier_echange")]);
    if (done?.jour === today() || first?.complet !== true || etat.operations().length) return null;
    const ids = [...etat.copies().keys()].sort();
    const apres = done?.apres ?? "";
    const next = ids.filter((id) => id > apres).slice(0, AT_ONCE);
    const pairs = await Promise.all(next.map(async (id) => [id, await bilan(everyRecord(etat.copy(id)))]));
    return { bilans: Object.fromEntries(pairs), bilans_entre: [apres, next.length === AT_ONCE ? next.at(-1) : null] };
  }

  /** Ce qui différait revient entier dans cette réponse : on recomparera au prochain échange. */
  async function settled(asked, answer) {
    if (!Array.isArray(answer.a_reprendre) || answer.a_reprendre.length) return;
    const entry = { jour: today(), apres: asked.bilans_entre[1] ?? "" };
    await store.write([STORES.meta], (objects) => objects(STORES.meta).put(entry, "bilans"));
  }

  return { take, settled };
}
