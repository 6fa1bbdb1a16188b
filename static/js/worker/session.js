/* La session : absente, verrouillée, ouverte ou couverte ; « bail » quand la clé est là mais ne sert plus qu'à joindre le serveur.
 *
 *   verrouillée --phrase ou clé d'accès--> ouverte --page masquée--> couverte --code, à temps--> ouverte
 *        ^                                    |                          |
 *        +------------ « Verrouiller » -------+------ délai passé, ou 5 codes faux
 *
 * La clé vit dans la mémoire du travailleur et des pages. Le navigateur arrête un travailleur au repos après quelque 30 s : il la
 * redemande alors aux pages. `epoque`, écrite sur le disque à chaque ouverture et effacée à chaque verrouillage, fait qu'une
 * page gelée pendant un verrouillage ne peut pas rendre une clé périmée.
 */
import { ANNONCE } from "../messages.js";
import { matches, TRIES } from "./code.js";
import { STORES } from "./schema.js";

const MINUTE = 60_000;
export const DEFAULT_GRACE = 5 * MINUTE;

export function createSession({ store, pages, now, lease, onLock = () => {}, delay = setTimeout }) {
  const held = { session: null, recovering: null };

  const epoch = async () => (await store.get(STORES.meta, "epoque")) ?? null;

  /** Plein, le téléphone n'écrit plus, mais il s'ouvre : l'époque reste celle que le verrouillage a laissée. */
  async function newEpoch() {
    const next = crypto.randomUUID();
    return (await store.writeIfRoom([STORES.meta], (objects) => objects(STORES.meta).put(next, "epoque"))) ? next : epoch();
  }

  /** L'effacer demande moins de place que d'en écrire une. */
  const closeEpoch = () => store.writeIfRoom([STORES.meta], (objects) => objects(STORES.meta).delete("epoque"));

  const share = () => pages.announce(ANNONCE.SESSION, { session: held.session });

  const overdue = (session) => session.couvert_le !== null && now() - session.couvert_le > session.grace_ms;

  async function recover() {
    // Les pages sont interrogées sans attendre que le disque ait dit l'époque.
    const expected = epoch();
    expected.catch(() => {});
    const session = await pages.recoverSession(async (candidate) => candidate.epoque === (await expected));
    // Un verrouillage ou une ouverture ont pu passer pendant l'attente : ils l'emportent.
    if (held.session === null && session && (await epoch()) === session.epoque) held.session = session;
  }

  /** La session en mémoire, au besoin rendue par une page ; null quand rien ne l'a plus. */
  async function current() {
    if (!held.session) {
      held.recovering ??= recover().finally(() => {
        held.recovering = null;
      });
      await held.recovering;
    }
    if (held.session && overdue(held.session)) await lock();
    return held.session;
  }

  async function state() {
    const session = await current();
    if (!session) return "verrouille";
    if (session.couvert_le !== null) return "couvert";
    return (await lease.expired()) ? "bail" : "ouvert";
  }

  async function open(key, { code = null, grace_ms = DEFAULT_GRACE } = {}) {
    held.session = {
      epoque: await newEpoch(),
      cle: key,
      code,
      essais: 0,
      couvert_le: null,
      ouvert_le: now(),
      grace_ms,
    };
    await share();
  }

  async function lock() {
    held.session = null;
    onLock();
    await closeEpoch();
    await pages.announce(ANNONCE.VERROU);
    return "verrouille";
  }

  /** Une page vient d'être masquée : sans autre page visible, la session se couvre et le délai court. */
  async function cover(hiddenPage) {
    const session = await current();
    if (!session) return "verrouille";
    if (session.couvert_le === null && !(await pages.someVisible(hiddenPage))) {
      session.couvert_le = now();
      await share();
      delay(() => current(), session.grace_ms + 1000);
    }
    return session.couvert_le === null ? "ouvert" : "couvert";
  }

  async function uncover(session) {
    session.couvert_le = null;
    session.essais = 0;
    await share();
    await pages.announce(ANNONCE.OUVERT);
    return "ouvert";
  }

  /** @returns {Promise<{etat: string, essais_restants?: number}>} */
  async function tryCode(code) {
    const session = await current();
    if (!session) return { etat: "verrouille" };
    if (!session.code) return { etat: "couvert", essais_restants: 0 };
    // Compté et partagé avant le calcul : arrêter le travailleur au milieu ne rend pas l'essai.
    session.essais += 1;
    await share();
    if (await matches(session.code, code)) return { etat: await uncover(session) };
    if (session.essais >= TRIES) return { etat: await lock(), essais_restants: 0 };
    return { etat: "couvert", essais_restants: TRIES - session.essais };
  }

  return {
    current,
    state,
    open,
    lock,
    cover,
    tryCode,
  };
}
