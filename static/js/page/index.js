/* Le script de toutes les pages : htmx, son extension de politique, et les gestes du carnet. */
import htmx from "htmx.org";
import "htmx.org/dist/ext/hx-csp.js";

import { createInstallPrompt } from "./application.js";
import { createDrafts } from "./brouillon.js";
import { createLogout } from "./deconnexion.js";
import { createUnlockDialog } from "./dialogue.js";
import { createScreen } from "./ecran.js";
import { register } from "./enregistrement.js";
import { createSending } from "./envoi.js";
import { startInstallation } from "./installation.js";
import { createLink } from "./liaison.js";
import { createMessages } from "./message.js";
import { createUpdate } from "./mise_a_jour.js";
import { startSearch } from "./recherche.js";
import { createRequests } from "./requetes.js";
import { createLockPage } from "./verrou.js";
import { createLocking } from "./verrouillage.js";

/** Sans travailleur possible (page non sûre, navigation privée), les pages du serveur marchent comme elles sont. */
function startEverywhere({ messages, prompt }) {
  messages.start();
  prompt.start();
  startSearch();
}

async function startNotebook(container, { messages, prompt }) {
  const link = createLink(container);
  const drafts = createDrafts({ link });
  const dialog = createUnlockDialog(link);
  const locking = createLocking({ link, dialog, drafts });
  const update = createUpdate({ link, drafts, container });
  const screens = { repaint: () => {} };
  const sending = createSending({ link, repaint: () => screens.repaint() });
  const screen = createScreen({
    htmx,
    drafts,
    refreshers: [drafts.refresh, sending.refresh, update.refresh, messages.refresh, prompt.refresh],
  });
  screens.repaint = screen.repaint;

  locking.start();
  createLockPage({ link }).start();
  createRequests({ link, dialog, drafts, say: messages.say }).start();
  createLogout({ sending, lock: locking.lockNow }).start();
  screen.start();
  startInstallation({ link });

  // La page prend la session en garde dès son arrivée : le travailleur peut s'arrêter avant qu'on ne lui demande rien d'autre.
  link.state().catch(() => {});
  // La page prend la session en garde dès son arrivée : le travailleur peut s'arrêter avant qu'on ne lui demande rien d'autre.
  link.state().catch(() => {});
  drafts.start();
  sending.start();
  // Sur un réseau qui ne répond pas, la réponse peut tarder des minutes : rien d'autre ne l'attend.
  update.start(await register(container));
}

const shared = { messages: createMessages({}), prompt: createInstallPrompt({}) };
startEverywhere(shared);
if (navigator.serviceWorker) startNotebook(navigator.serviceWorker, shared);
