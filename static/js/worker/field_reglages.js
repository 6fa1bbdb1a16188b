/* Réglages de l'appareil : changer sa phrase de passe, effacer ce carnet. */
import { describe, LEAST, strength } from "../page/force.js";
import { one, readForm } from "./form_data.js";

const PAGE = "partages/pages/reglages.html";
const ERASE = "partages/pages/effacer.html";
const ERASED = "partages/pages/efface.html";
const TITLE = "Réglages de l’appareil";

const WRONG = "Ce n’est pas votre phrase de passe actuelle.";
const wait = (seconds) => `Trop d’essais\u202f: patientez ${seconds} s avant le prochain.`;

function problems({ actuelle, phrase, phrase_bis: again }) {
  const found = {};
  if (!actuelle) found.actuelle = "Tapez votre phrase de passe actuelle.";
  if (!phrase) found.phrase = "Choisissez une nouvelle phrase.";
  else if (strength(phrase) < LEAST) found.phrase = describe(strength(phrase));
  else if (phrase === actuelle) found.phrase = "C’est la même phrase\u202f: choisissez-en une autre.";
  if (phrase !== again) found.phrase_bis = "Les deux phrases sont différentes.";
  return found;
}

export function fieldReglages({ etat, lease, unlock, leaving, screens, courier, flash, frame, responses }) {
  async function view(erreurs = {}) {
    const [outlook, bail] = await Promise.all([unlock.outlook(), lease.daysLeft()]);
    return { appareil: etat.appareil, phrase: outlook.phrase, bail_jours: bail, erreurs };
  }

  async function show(erreurs = {}, statut = 200) {
    const context = await screens.contexte();
    return screens.page(PAGE, context, await view(erreurs), { titre: TITLE, statut });
  }

  async function changePhrase({ request }) {
    const fields = await readForm(request);
    const asked = Object.fromEntries(["actuelle", "phrase", "phrase_bis"].map((name) => [name, one(fields, name)]));
    const found = problems(asked);
    if (Object.keys(found).length) return show(found, 422);
    const result = await unlock.changePhrase({ phrase: asked.actuelle, wanted: asked.phrase });
    if (result.etat === "detruit") return responses.seeOther("/verrou");
    if (result.etat !== "ouvert") return show({ actuelle: result.erreur_texte ? WRONG : wait(result.attendre_secondes) }, 422);
    flash.put({ texte: "Phrase de passe changée. L’ancienne n’ouvre plus ce carnet.", ton: "fait", annuler: null });
    return responses.seeOther("/reglages");
  }

  /** Ce qui reste est dit avec son nombre, et l'effacement attend un second geste. */
  async function askErase(left = null, statut = 200) {
    const context = await screens.contexte();
    return screens.page(ERASE, context, { reste: left, a_envoyer: context.envoi.attente }, { titre: "Effacer ce carnet", statut });
  }

  async function erase({ request }) {
    const fields = await readForm(request);
    const result = await leaving.erase({ confirme: one(fields, "confirme") === "oui" });
    if (result.etat === "restent") return askErase(result, 422);
    const context = { ...frame({ titre: "Carnet effacé", envoi: await courier.state() }), appareil: result.appareil };
    return responses.html(ERASED, context);
  }

  return [
    ["GET", "/reglages", () => show()],
    ["GET", "/reglages/phrase", () => responses.seeOther("/reglages")],
    ["POST", "/reglages/phrase", changePhrase],
    ["GET", "/reglages/effacer", () => askErase()],
    ["POST", "/reglages/effacer", erase],
  ];
}
