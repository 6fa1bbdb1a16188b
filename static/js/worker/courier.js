/* Le facteur : décide quand échanger ou déposer, retient l'issue, et dit à toutes les pages où en est l'envoi. */
import { ANNONCE } from "../messages.js";
import { nextTry, REST } from "./backoff.js";
import { countOwed } from "./kept.js";
import { countOutbox } from "./outbox.js";
import { STORES } from "./schema.js";
import { describe } from "./send_state.js";

/** Ces déclencheurs annoncent qu'une chose a changé : ils ne subissent que l'attente demandée par le serveur. */
const FRESH = new Set(["chargement", "en_ligne", "retour", "reveil"]);
/** La personne insiste : c'est une demande, pas une cadence. Le serveur encore occupé le redira. */
const INSISTED = "main";
const OFFLINE = new Set(["hors_ligne", "redirige", "pas_une_reponse"]);
const FAILURES = new Set(["hors_ligne", "redirige", "pas_une_reponse", "patienter", "trop_gros", "invalide", "plein"]);

export function createCourier({ store, exchange, deposit, pages, now, moment, random = Math.random, onRevoked, onUnknownDevice, wakeLater = () => {}, ready }) {
  const held = { en_cours: false, unwritten: null };

  const lastResult = async () => held.unwritten ?? store.get(STORES.meta, "dernier_resultat");

  async function facts() {
    const [counts, owed, last, result, first] = await Promise.all([
      countOutbox(store),
      countOwed(store),
      store.get(STORES.meta, "dernier_echange"),
      lastResult(),
      store.get(STORES.meta, "premier_echange"),
    ]);
    const dernier = last?.instant ?? null;
    return {
      ...counts,
      attente: counts.attente + owed,
      operations: counts.operations + owed,
      dernier,
      heure: dernier && moment(dernier),
      resultat: result?.resultat ?? null,
      complet: first?.complet === true,
      en_cours: held.en_cours,
      ...nextAttempt(result ?? REST),
    };
  }

  /** Quand le prochain essai se fera de lui-même : à l'heure que le serveur a demandée, ou à celle de l'attente en cours. */
  function nextAttempt({ prochain }) {
    const left = prochain - now();
    if (left <= 0) return { patienter: 0, prochain: null };
    return { patienter: Math.ceil(left / 1000), prochain: moment(new Date(prochain).toISOString()) };
  }

  const state = async () => describe(await facts());

  /** `change` : le carnet n'est plus ce que les pages montrent, même à celles qui n'ont pas demandé cet échange. */
  async function tell({ changes = 0, partis = [] } = {}) {
    const envoi = await state();
    await pages.announce(ANNONCE.ENVOI, { envoi, change: changes > 0, partis });
    return envoi;
  }

  async function remember({ resultat, attendre = null }) {
    const before = (await lastResult()) ?? REST;
    const retry = FAILURES.has(resultat)
      ? nextTry({ echecs: before.echecs ?? 0 }, { now: now(), demande: attendre, hasard: random() })
      : REST;
    const entry = { resultat, ...retry, demande: attendre !== null };
    held.unwritten = null;
    await store.write([STORES.meta], (objects) => objects(STORES.meta).put(entry, "dernier_resultat")).catch((error) => {
      if (error.name !== "QuotaExceededError") throw error;
      // Plus de place même pour cela : l'issue se dit tout de même, de mémoire.
      held.unwritten = entry;
    });
  }

  async function tooEarly(motif) {
    const last = await lastResult();
    if (!last || motif === INSISTED || now() >= last.prochain) return false;
    return last.demande || !FRESH.has(motif);
  }

  async function exchangeOpen() {
    held.en_cours = true;
    await tell();
    try {
      // Ce qu'un carnet d'avant a laissé sous pli : celui-ci ne le lit pas, aucun échange ne l'emporterait.
      await deposit({ illisibles: true });
      let outcome = await exchange.run();
      if (outcome.resultat === "appareil_inconnu" && (await onUnknownDevice())) outcome = await exchange.run();
      if (outcome.resultat !== "verrouille") await remember(outcome);
      if (outcome.resultat === "revoque") await onRevoked();
      return outcome;
    } finally {
      held.en_cours = false;
    }
  }

  async function depositLocked() {
    const outcome = await deposit();
    if (await store.get(STORES.meta, "revoque")) await onRevoked();
    if (outcome.resultat === "patienter") await remember(outcome);
    return outcome;
  }

  /** @param {string} motif  ce qui déclenche l'envoi (voir messages.js) */
  async function send(motif) {
    // Sans carnet il n'y a rien à dire de l'envoi : un poste du bureau n'a pas de premier échange à terminer.
    if (!(await store.get(STORES.meta, "coffre"))) return { resultat: "absent" };
    // Même sans essayer, ce qui vient d'être noté attend : les pages le disent tout de suite.
    if (await tooEarly(motif)) return { resultat: "patienter", envoi: await tell() };
    const outcome = (await ready()) ? await exchangeOpen() : await depositLocked();
    const envoi = await tell(outcome);
    // Jamais depuis un réveil : il s'en demanderait un autre aussitôt, sans fin.
    if (envoi.attente && OFFLINE.has(outcome.resultat) && motif !== "reveil") wakeLater();
    return { ...outcome, envoi };
  }

  /** Renouvelle le bail : la session est ouverte, même si le carnet ne l'est pas encore. */
  async function renewLease() {
    const outcome = await exchangeOpen();
    await tell(outcome);
    return outcome;
  }

  return { send, state, tell, remember, renewLease };
}
