/* Les pages ouvertes, vues du travailleur : leur parler à toutes, et leur redemander la session après un arrêt au repos. */
import { ANNONCE } from "../messages.js";

/** Une page masquée est peut-être gelée : on ne l'attend guère. Une page sous les yeux répondra, même sur un téléphone lent. */
const PATIENCE = { hidden: 500, visible: 3000 };

const isVisible = (page) => page.visibilityState === "visible";

export function createPages({ clients, patience = PATIENCE }) {
  const everyPage = () => clients.matchAll({ type: "window", includeUncontrolled: true });

  async function announce(type, content = {}) {
    for (const page of await everyPage()) page.postMessage({ type, ...content });
  }

  function ask(page) {
    return new Promise((resolve) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = (event) => {
        channel.port1.close();
        resolve(event.data.session ?? null);
      };
      page.postMessage({ type: ANNONCE.SESSION_DEMANDEE }, [channel.port2]);
    });
  }

  /** La première session acceptable rendue par une page, ou null. Toutes sont interrogées à la fois. */
  async function recoverSession(acceptable) {
    const pages = await everyPage();
    if (!pages.length) return null;
    const found = pages.map(async (page) => {
      const session = await ask(page);
      if (!session || !(await acceptable(session))) throw new Error("pas de session ici");
      return session;
    });
    const silence = new Promise((resolve) => {
      setTimeout(resolve, pages.some(isVisible) ? patience.visible : patience.hidden, null);
    });
    return Promise.race([Promise.any(found).catch(() => null), silence]);
  }

  /** Une autre page que celle-ci est-elle sous les yeux ? */
  async function someVisible(except) {
    return (await everyPage()).some((page) => page.id !== except && isVisible(page));
  }

  return { announce, recoverSession, someVisible };
}
