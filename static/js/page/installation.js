/* Préparer ce téléphone : le nommer, choisir comment il s'ouvre, recevoir le premier échange. Conduit /installer. */
import { DEMANDE } from "../messages.js";
import { createPasskey, passkeyIsOffered } from "./cle_acces.js";
import { LEAST, strength } from "./force.js";
import { startPhrase } from "./phrase.js";
import { createDevicePages } from "./reglages.js";
import { lastUnsent } from "./reste.js";

const FORM = "form[data-installation]";
const count = (number, one, many = `${one}s`) => `${number.toLocaleString("fr-FR")} ${number > 1 ? many : one}`;

function problems({ nom, phrase, bis, code, prf }) {
  const found = {};
  if (!nom.trim()) found.nom = "Donnez un nom à cet appareil, par exemple «\u202fTéléphone de Toul\u202f».";
  if (!phrase && !prf) found.phrase = "Choisissez une phrase de passe.";
  if (phrase && strength(phrase) < LEAST) found.phrase = "Cette phrase ne protège pas encore assez le carnet.";
  if (phrase && bis !== null && phrase !== bis) found.phrase_bis = "Les deux phrases sont différentes.";
  if (code && !/^\d{4,8}$/.test(code)) found.code = "Le code a de 4 à 8 chiffres.";
  return found;
}

class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function enrolAs(id, nom) {
  const tokenResponse = await fetch("/session/jeton", { cache: "no-store", headers: { Accept: "application/json" } });
  if (!tokenResponse.ok) throw new Error("Votre connexion a expiré\u202f: reconnectez-vous, puis recommencez.");
  const { jeton } = await tokenResponse.json();
  const response = await fetch("/appareils", {
    method: "POST",
    cache: "no-store",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": jeton },
    body: JSON.stringify({ id, nom }),
  });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, body.message ?? "Le serveur n’a pas accepté ce téléphone.");
  return { id: body.appareil, nom, depot: body.depot };
}

/** Sous l'identifiant que cet appareil avait, quand il est encore le sien ; sinon sous un neuf. */
async function enrol(known, nom) {
  const taken = ({ status }) => status === 409 || status === 410;
  if (!known) return enrolAs(crypto.randomUUID(), nom);
  return enrolAs(known, nom).catch((error) => {
    if (!taken(error)) throw error;
    return enrolAs(crypto.randomUUID(), nom);
  });
}

function createForm(form) {
  const value = (name) => form.elements[name]?.value ?? "";
  const within = (selector) => form.querySelector(selector) ?? document.querySelector(selector);

  function showProblems(found) {
    for (const name of ["nom", "phrase", "phrase_bis", "code", "accord"]) {
      const message = within(`[data-erreur-de="${name}"]`);
      form.elements[name]?.setAttribute("aria-invalid", String(name in found));
      if (!message) continue;
      message.textContent = found[name] ?? "";
      message.hidden = !(name in found);
    }
    const first = Object.keys(found)[0];
    if (first) form.elements[first]?.focus();
  }

  function fail(text) {
    const message = within("[data-installation-erreur]");
    within("[data-installation-avancement]").hidden = true;
    form.hidden = false;
    if (!message) return;
    message.textContent = text;
    message.hidden = false;
    message.focus();
  }

  function progress({ recus, restant }) {
    const bar = within("[data-avancement]");
    bar.max = Math.max(1, recus + restant);
    bar.value = recus;
    within("[data-avancement-texte]").textContent = restant
      ? `${count(recus, "fiche reçue", "fiches reçues")}, encore ${restant.toLocaleString("fr-FR")}`
      : `${count(recus, "fiche reçue", "fiches reçues")}`;
  }

  function working() {
    form.hidden = true;
    within("[data-installation-avancement]").hidden = false;
    within("[data-avancement-texte]").textContent = "Préparation du carnet…";
  }

  const choices = () => ({
    nom: value("nom"),
    phrase: value("phrase"),
    bis: form.elements.phrase_bis ? value("phrase_bis") : null,
    code: value("code"),
    prf: form.elements.prf?.checked === true,
  });

  return { choices, fail, progress, showProblems, within, working };
}

/** Le carnet qui est là, s'il y en a un, et ce que l'on en fait. */
const SITUATIONS = Object.freeze({ NEUF: "neuf", EVINCE: "evince", EFFACE: "efface", DETRUIT: "detruit", OUBLI: "oubli", AUTRE: "autre" });

function situationOf({ coffre, utilisateur, efface }, { utilisateur: account, appareil, remplacer }) {
  if (coffre === "detruit") return utilisateur === account ? SITUATIONS.DETRUIT : SITUATIONS.AUTRE;
  if (coffre !== "absent") {
    if (utilisateur !== account) return SITUATIONS.AUTRE;
    return remplacer === undefined ? null : SITUATIONS.OUBLI;
  }
  if (efface) return SITUATIONS.EFFACE;
  return appareil ? SITUATIONS.EVINCE : SITUATIONS.NEUF;
}

/** Ce que l'on perd ou garde en remplaçant un carnet, en phrases ; vide quand tout est chez le serveur. */
function remainder({ restantes, sans_pli: lost, refusees }) {
  const sealed = restantes - lost;
  return [
    sealed && `${count(sealed, "fiche n’a pas pu partir maintenant\u202f: elle reste", "fiches n’ont pas pu partir maintenant\u202f: elles restent")} sous pli sur ce téléphone, et ${sealed > 1 ? "partiront" : "partira"} au prochain réseau.`,
    lost && `${count(lost, "fiche ne peut partir sans l’ancienne clé\u202f: elle sera perdue", "fiches ne peuvent partir sans l’ancienne clé\u202f: elles seront perdues")}.`,
    refusees && `${count(refusees, "fiche à corriger ne pourra plus l’être", "fiches à corriger ne pourront plus l’être")} ici\u202f; le serveur en garde trace.`,
  ].filter(Boolean);
}

function unsentWhenErased(n) {
  if (n === null) return null;
  if (n === 0) return "La dernière fois que Jalon a été ouvert ici, tout était parti\u202f: rien ne devrait manquer.";
  return `La dernière fois que Jalon a été ouvert ici, ${count(n, "fiche n’était pas encore partie\u202f: elle est perdue", "fiches n’étaient pas encore parties\u202f: elles sont perdues")}.`;
}

function say(root, selector, text) {
  const element = root.querySelector(selector);
  if (!element || text === null) return;
  element.textContent = text;
  element.hidden = false;
}

/** Montre l'avis qui convient, et dit ce qui reste d'un carnet que l'on va remplacer. */
async function introduce({ situation, state, link, root }) {
  for (const notice of root.querySelectorAll("[data-situation]")) notice.hidden = !notice.dataset.situation.split(" ").includes(situation);
  if (situation === SITUATIONS.EVINCE) {
    const n = lastUnsent(root);
    if (n !== null) root.querySelector("[data-inconnu]").hidden = true;
    say(root, "[data-perdu]", unsentWhenErased(n));
  }
  if (situation === SITUATIONS.AUTRE && state.prenom) say(root, "[data-proprietaire]", `C’est celui de ${state.prenom}.`);
  if (situation !== SITUATIONS.OUBLI && situation !== SITUATIONS.AUTRE && situation !== SITUATIONS.DETRUIT) return;
  const left = await link.ask(DEMANDE.LIBERER);
  const texts = remainder(left);
  root.querySelector("[data-reste]").classList.toggle("remarque", texts.length > 0);
  say(root, "[data-reste]", texts.length ? texts.join(" ") : "Rien n’attend plus sur ce téléphone\u202f: tout ce qui y était noté est chez le serveur.");
  const risky = left.sans_pli + left.refusees > 0;
  const box = root.querySelector("[data-accord]");
  if (box) box.hidden = !risky;
}

async function prepare({ link, view, known, replacing, utilisateur }) {
  const { nom, phrase, code, prf } = view.choices();
  // La question du navigateur (Firefox) ne doit pas retenir l'installation.
  navigator.storage?.persist?.();
  const passkey = prf ? await createPasskey({ utilisateur, nom }) : null;
  view.working();
  const appareil = await enrol(known, nom.trim());
  const content = { appareil, phrase: phrase || undefined, prf: passkey ?? undefined, code: code || undefined, remplacer: replacing };
  await link.ask(DEMANDE.INITIALISER, content, { onProgress: view.progress });
}

function startForm({ form, link, place, root, held }) {
  const view = createForm(form);

  async function onSubmit(event) {
    event.preventDefault();
    const found = problems(view.choices());
    const box = root.querySelector("[data-accord]:not([hidden]) input");
    if (box && !box.checked) found.accord = "Cochez pour continuer, ou revenez en arrière.";
    view.showProblems(found);
    if (Object.keys(found).length) return;
    try {
      await prepare({ link, view, ...held });
      place.replace("/");
    } catch (error) {
      view.fail(error.name === "NotAllowedError" ? "L’empreinte n’a pas été donnée. Recommencez, ou décochez-la." : error.message);
    }
  }

  form.addEventListener("submit", onSubmit);
}

async function offerPasskey(root) {
  const offer = root.querySelector("[data-prf-proposer]");
  if (offer && (await passkeyIsOffered().catch(() => false))) offer.hidden = false;
}

/** Le mot de passe est peut-être à redonner avant le formulaire : la situation se dit dans les deux cas. */
async function startScreen({ screen, link, place, root }) {
  const form = screen.querySelector(FORM);
  const held = { known: screen.dataset.appareil || null, replacing: false, utilisateur: screen.dataset.utilisateur };
  if (form) startForm({ form, link, place, root, held });
  const [state] = await Promise.all([link.state(), offerPasskey(root)]);
  const situation = situationOf(state, screen.dataset);
  // Déjà préparé (reconnexion) : le carnet est là, il s'ouvre avec sa phrase.
  if (situation === null) {
    place.replace("/");
    return;
  }
  held.replacing = situation === SITUATIONS.OUBLI || situation === SITUATIONS.AUTRE;
  if (situation === SITUATIONS.AUTRE) held.known = null;
  else if (state.appareil) held.known = state.appareil;
  await introduce({ situation, state, link, root });
}

/** Le formulaire arrive par une page entière, ou par un lien du carnet que htmx a posé : à chaque écran, celui qu'on n'a pas encore vu. */
export function createInstallation({ link, root = document, place = location }) {
  const started = new WeakSet();
  const device = createDevicePages({ root });

  function refresh() {
    device.refresh();
    const screen = root.querySelector("[data-preparation]");
    if (!screen || started.has(screen)) return;
    started.add(screen);
    startScreen({ screen, link, place, root });
  }

  /** Le serveur attend un carnet ici, et ce navigateur n'en a plus : il l'a effacé de lui-même. */
  async function checkPresence() {
    if (!root.querySelector("[data-carnet-attendu]")) return;
    const { coffre } = await link.state();
    if (coffre === "absent") place.replace("/installer");
  }

  return {
    start() {
      startPhrase(root);
      device.start();
      refresh();
      checkPresence();
    },
    refresh,
  };
}
