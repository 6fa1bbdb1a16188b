/* Le script de toutes les pages : htmx, son extension de politique, et les gestes du carnet. */
import htmx from "htmx.org";
import "htmx.org/dist/ext/hx-csp.js";

import { createInstallPrompt } from "./application.js";
import { createDrafts } from "./brouillon.js";
import { startCounters } from "./compteur.js";
import { createLogout } from "./deconnexion.js";
import { createUnlockDialog } from "./dialogue.js";
import { createScreen } from "./ecran.js";
import { register } from "./enregistrement.js";
import { createSending } from "./envoi.js";
import { createGestures } from "./gestes.js";
import { startHour } from "./heure.js";
import { startSlots } from "./creneau.js";
import { createInstallation } from "./installation.js";
import { createLink } from "./liaison.js";
import { createLinks } from "./liens.js";
import { createMessages } from "./message.js";
import { createUpdate } from "./mise_a_jour.js";
import { showStep } from "./parcours.js";
import { startSearch } from "./recherche.js";
import { createPieceForm } from "./piece.js";
import { startPosition } from "./position.js";
import { createRequests } from "./requetes.js";
import { unfold } from "./suite.js";
import { createThemeChoice } from "./theme.js";
import { createWatch } from "./veille.js";
import { createLockPage } from "./verrou.js";
import { createLocking } from "./verrouillage.js";

/** Sans travailleur possible (page non sûre, navigation privée), les pages du serveur marchent comme elles sont. */
function startEverywhere({ messages, prompt }) {
  unfold(document);
  createLinks({ htmx }).start();
  messages.start();
  prompt.start();
  startSearch();
  startHour();
  startSlots();
  startCounters();
  startPosition();
  const theme = createThemeChoice({});
  const gestures = createGestures({ say: messages.say });
  theme.start();
  gestures.start();
  const watch = createWatch();
  watch.start();
  const pieceForm = createPieceForm();
  pieceForm.start();
  showStep();
  document.addEventListener("htmx:after:swap", showStep);
  for (const { refresh } of [messages, prompt, theme, gestures, pieceForm, watch]) document.addEventListener("htmx:after:swap", refresh);
}

async function startNotebook(container, { messages }) {
  const link = createLink(container);
  const drafts = createDrafts({ link });
  const dialog = createUnlockDialog(link);
  const locking = createLocking({ link, dialog, drafts });
  const update = createUpdate({ link, drafts, container });
  const sending = createSending({ link });
  const lockPage = createLockPage({ link });
  const installation = createInstallation({ link });
  // Ce qui s'accroche à un élément précis le retrouve à chaque écran posé ; le reste écoute le document.
  const wired = [drafts, sending, update, lockPage, installation];
  const screen = createScreen({ link, htmx, drafts, sending, refreshers: wired.map(({ refresh }) => refresh) });

  locking.start();
  lockPage.start();
  createRequests({ link, dialog, drafts, say: messages.say }).start();
  createLogout({ sending, lock: locking.lockNow }).start();
  screen.start();
  installation.start();

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
