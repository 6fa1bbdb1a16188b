/* Préparer ce téléphone : le nommer, choisir comment il s'ouvre, recevoir le premier échange. Conduit /installer. */
import { DEMANDE } from "../messages.js";
import { createPasskey, passkeyIsOffered } from "./cle_acces.js";
import { describe, LEAST, strength } from "./force.js";

const FORM = "form[data-installation]";
const percent = (bits) => Math.min(100, bits);

const count = (number, one, many = `${one}s`) => `${number.toLocaleString("fr-FR")} ${number > 1 ? many : one}`;

function problems({ nom, phrase, bis, code, prf }) {
  const found = {};
  if (!nom.trim()) found.nom = "Donnez un nom à ce téléphone, par exemple « Téléphone de Toul ».";
  if (!phrase && !prf) found.phrase = "Choisissez une phrase de passe.";
  if (phrase && strength(phrase) < LEAST) found.phrase = "Cette phrase ne protège pas encore assez le carnet.";
  if (phrase && bis !== null && phrase !== bis) found.phrase_bis = "Les deux phrases sont différentes.";
  if (code && !/^\d{4,8}$/.test(code)) found.code = "Le code a de 4 à 8 chiffres.";
  return found;
}

async function enrol(nom) {
  const tokenResponse = await fetch("/session/jeton", { cache: "no-store", headers: { Accept: "application/json" } });
  if (!tokenResponse.ok) throw new Error("Votre connexion a expiré : reconnectez-vous, puis recommencez.");
  const { jeton } = await tokenResponse.json();
  const response = await fetch("/appareils", {
    method: "POST",
    cache: "no-store",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": jeton },
    body: JSON.stringify({ id: crypto.randomUUID(), nom: nom.trim() }),
  });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.message ?? "Le serveur n’a pas accepté ce téléphone.");
  return { id: body.appareil, nom: nom.trim(), depot: body.depot };
}

function createForm(form) {
  const value = (name) => form.elements[name]?.value ?? "";
  const within = (selector) => form.querySelector(selector) ?? document.querySelector(selector);

  function showStrength() {
    const bits = strength(value("phrase"));
    const meter = within("[data-force]");
    const text = within("[data-force-texte]");
    if (meter) meter.value = percent(bits);
    if (text) text.textContent = value("phrase") ? describe(bits) : "";
  }

  function showProblems(found) {
    for (const name of ["nom", "phrase", "phrase_bis", "code"]) {
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

  return { choices, fail, progress, showProblems, showStrength, within, working };
}

async function prepare({ link, form, view }) {
  const { nom, phrase, code, prf } = view.choices();
  // La question du navigateur (Firefox) ne doit pas retenir l'installation.
  navigator.storage?.persist?.();
  const passkey = prf ? await createPasskey({ utilisateur: form.dataset.utilisateur || crypto.randomUUID(), nom }) : null;
  view.working();
  const appareil = await enrol(nom);
  const content = { appareil, phrase: phrase || undefined, prf: passkey ?? undefined, code: code || undefined };
  await link.ask(DEMANDE.INITIALISER, content, { onProgress: view.progress });
}

async function startForm({ form, link, place }) {
  const view = createForm(form);

  async function onSubmit(event) {
    event.preventDefault();
    const found = problems(view.choices());
    view.showProblems(found);
    if (Object.keys(found).length) return;
    try {
      await prepare({ link, form, view });
      place.replace("/");
    } catch (error) {
      view.fail(error.name === "NotAllowedError" ? "L’empreinte n’a pas été donnée. Recommencez, ou décochez-la." : error.message);
    }
  }

  function onInput(event) {
    if (event.target.name === "phrase") view.showStrength();
    if (event.target.name !== "montrer") return;
    for (const name of ["phrase", "phrase_bis"]) {
      if (form.elements[name]) form.elements[name].type = event.target.checked ? "text" : "password";
    }
  }

  form.addEventListener("submit", onSubmit);
  form.addEventListener("input", onInput);
  const offer = view.within("[data-prf-proposer]");
  if (offer && (await passkeyIsOffered().catch(() => false))) offer.hidden = false;
  const { coffre } = await link.state();
  // Déjà préparé (reconnexion) : le carnet est là, il s'ouvre avec sa phrase.
  if (coffre !== "absent" && coffre !== "detruit") place.replace("/");
}

/** Le formulaire arrive par une page entière, ou par un lien du carnet que htmx a posé : à chaque écran, celui qu'on n'a pas encore vu. */
export function createInstallation({ link, root = document, place = location }) {
  const started = new WeakSet();

  function refresh() {
    const form = root.querySelector(FORM);
    if (!form || started.has(form)) return;
    started.add(form);
    startForm({ form, link, place });
  }

  return { start: refresh, refresh };
}
