/* La liaison avec le travailleur : demander et attendre la réponse, écouter ses annonces, garder la session en mémoire pour lui.
 *
 * La session (la clé) vit ici et dans le travailleur, nulle part ailleurs : le navigateur arrête le travailleur au repos, et c'est
 * la page qui lui rend sa clé.
 */
import { ANNONCE, DEMANDE } from "../messages.js";

export function createLink(container) {
  const held = { session: null };
  const listeners = new Map();

  function listen(type, listener) {
    listeners.set(type, [...(listeners.get(type) ?? []), listener]);
  }

  function hear(event) {
    const { type, ...content } = event.data ?? {};
    if (type === ANNONCE.SESSION_DEMANDEE) {
      event.ports[0].postMessage({ session: held.session });
      return;
    }
    if (type === ANNONCE.SESSION) held.session = content.session;
    if (type === ANNONCE.VERROU || type === ANNONCE.REVOQUE) held.session = null;
    for (const listener of listeners.get(type) ?? []) listener(content);
  }

  async function worker() {
    const registration = await container.ready;
    // Le navigateur a effacé le site sous la page : comme sans travailleur, rien ne répondra plus ici.
    return container.controller ?? registration.active ?? new Promise(() => {});
  }

  /** @returns {Promise<object>} la réponse ; rejetée avec le message du travailleur s'il a échoué */
  async function ask(type, content = {}, { onProgress = () => {}, to = null } = {}) {
    const target = to ?? (await worker());
    return new Promise((resolve, reject) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = ({ data }) => {
        if (data.avancement) {
          onProgress(data.avancement);
          return;
        }
        channel.port1.close();
        if (data.erreur) reject(new Error(data.erreur));
        else resolve(data);
      };
      target.postMessage({ type, ...content }, [channel.port2]);
    });
  }

  /**
   * Sans effet, elle peut se redire : un travailleur remplacé pendant qu'on lui parle ne répondra jamais (Firefox, quand celui d'avant
   * l'effacement du site finit de mourir). Celui qui prend la page est alors interrogé à son tour.
   */
  function askAnyone(type) {
    const changes = new AbortController();
    return new Promise((resolve, reject) => {
      const again = () => ask(type).then(resolve, reject);
      container.addEventListener("controllerchange", again, { signal: changes.signal });
      again();
    }).finally(() => changes.abort());
  }

  /** L'état du carnet ; au passage, la session que le travailleur tient encore. */
  async function state() {
    const { session, ...etat } = await askAnyone(DEMANDE.ETAT);
    if (session) held.session = session;
    return etat;
  }

  container.addEventListener("message", hear);
  container.startMessages();
  return { ask, state, listen };
}
