/* Ce que les pages demandent par message. Chaque demande a sa fonction ; la réponse ou l'erreur revient par le port. */
import { DEMANDE } from "../messages.js";
import { STORES } from "./schema.js";

export function createProtocol({ store, session, unlock, install, leaving, courier, drafts, ready, etat, version, activate }) {
  async function vaultState() {
    const vault = await store.get(STORES.meta, "coffre");
    if (!vault) return "absent";
    return vault.etat === "detruit" ? "detruit" : session.state();
  }

  async function describe() {
    const coffre = await vaultState();
    const [outlook, envoi, opened, first, appareil, vault, efface] = await Promise.all([
      unlock.outlook(),
      courier.state(),
      coffre === "ouvert" || coffre === "couvert" ? session.current() : null,
      store.get(STORES.meta, "premier_echange"),
      store.get(STORES.meta, "appareil"),
      store.get(STORES.meta, "coffre"),
      store.get(STORES.meta, "efface"),
    ]);
    return {
      coffre,
      modes: { phrase: outlook.phrase, prf: outlook.prf, code: Boolean(opened?.code) },
      envoi,
      grace_ms: opened?.grace_ms ?? 0,
      version,
      complet: first?.complet === true,
      appareil: appareil?.id ?? null,
      utilisateur: vault?.utilisateur ?? null,
      // Carnet ouvert seulement : fermé, il ne dit pas de qui il est.
      prenom: opened && etat.loaded ? etat.reference.utilisateur.prenom : null,
      efface: efface === true,
      session: opened,
    };
  }

  /** Les brouillons ne se lisent que carnet ouvert ; couvert, ou son bail passé, la clé sert encore à garder la frappe. */
  async function withKey(work) {
    const opened = await session.current();
    if (!opened || !(await ready())) throw new Error("Le carnet est fermé.");
    return work(opened.cle, etat.structure);
  }

  async function readDraft(cle) {
    if ((await session.state()) === "bail") throw new Error("Le carnet est fermé.");
    return withKey(async (key, structure) => ({ brouillon: await drafts.read(key, structure, cle) }));
  }

  const answers = {
    [DEMANDE.ETAT]: describe,
    [DEMANDE.INITIALISER]: async (choices, port) => {
      const outcome = await install(choices, (avancement) => port.postMessage({ avancement }));
      return { fait: outcome.resultat === "fait", ...outcome };
    },
    [DEMANDE.LIBERER]: () => leaving.sendAll(),
    [DEMANDE.DEVERROUILLER]: (secret) => unlock.unlock(secret),
    [DEMANDE.COUVRIR]: async (_content, _port, source) => ({ etat: await session.cover(source?.id) }),
    [DEMANDE.VERROUILLER]: async () => ({ etat: await session.lock() }),
    [DEMANDE.ENVOYER]: ({ motif }) => courier.send(motif),
    [DEMANDE.BROUILLON_ECRIRE]: ({ cle, champs }) => withKey((key, structure) => drafts.save(key, structure, cle, champs)),
    [DEMANDE.BROUILLON_LIRE]: ({ cle }) => readDraft(cle),
    [DEMANDE.BROUILLON_EFFACER]: ({ cle }) => drafts.erase(cle),
    [DEMANDE.ACTIVER]: activate,
  };

  return async function answer({ data, ports, source }) {
    const port = ports[0] ?? { postMessage() {} };
    const { type, ...content } = data ?? {};
    try {
      if (!Object.hasOwn(answers, type)) throw new Error(`Demande inconnue\u202f: ${type}`);
      port.postMessage((await answers[type](content, port, source)) ?? {});
    } catch (error) {
      port.postMessage({ erreur: error.message });
    }
  };
}
