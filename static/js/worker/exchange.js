/* L'échange : un aller-retour envoie ce qui attend et reçoit ce qui a changé, page après page, par un seul émetteur.
 *
 * Tant que le serveur n'a pas répondu, on ne sait pas : les mêmes opérations repartent sous les mêmes identifiants et ne comptent
 * qu'une fois. Un lot que le serveur ne peut pas lire est coupé en deux jusqu'à isoler l'opération fautive, qui seule est refusée :
 * une opération malade n'arrête pas les autres.
 */
import { firstBatch, MAX_OPERATIONS } from "./batch.js";
import { isAnswer } from "./ingest.js";
import { SENDABLE } from "./outbox.js";
import { STORES } from "./schema.js";
import { longerPage, PAGE, shorterPage, unfold } from "./tableaux.js";

export const PROTOCOL = 4;
const TOO_LONG = "Cet envoi est trop volumineux pour le serveur. Raccourcissez le texte puis renvoyez.";
const UNREADABLE = "Le serveur n’a pas su lire cet envoi. Corrigez-le ou montrez-le à votre responsable.";

/** Le téléphone n'a plus de place pour ranger ce qui descend. */
const FULL = Symbol("plein");
function whenFull(error) {
  if (error.name !== "QuotaExceededError") throw error;
  return FULL;
}

const seconds = (ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");

export function createExchange({ store, etat, outbox, transport, ingest, session, now, locks, reload, giveBack, bilans, directory }) {
  const held = { running: null, octets: PAGE.most };

  async function request(operations, comptes) {
    const [curseur, appareil] = await Promise.all([store.get(STORES.meta, "curseur"), store.get(STORES.meta, "appareil")]);
    return {
      protocole: PROTOCOL,
      appareil: appareil.id,
      curseur: typeof curseur === "string" ? curseur : null,
      heure_appareil: seconds(now()),
      reference: etat.reference?.empreinte ?? null,
      operations,
      tableaux: true,
      octets: held.octets,
      ...comptes,
    };
  }

  /** Refus prononcé ici, faute de réponse lisible pour cette opération seule. */
  const refuse = (opened, op, message) =>
    keep(opened, () => answerWith([{ id: op.id, statut: "refused", version: null, erreurs: { general: [message] } }]));

  async function answerWith(resultats) {
    const curseur = (await store.get(STORES.meta, "curseur")) ?? "";
    return { protocole: PROTOCOL, resultats, fiches: [], curseur, suite: true };
  }

  /**
   * Une réponse ne porte que ce qui a changé : elle ne se range que sur les dossiers tels qu'ils étaient au départ de la demande.
   * Verrouillé entre-temps, le carnet est vide en mémoire, et une réponse rangée là remplacerait les dossiers par leurs morceaux.
   * Elle est laissée : le curseur n'a pas bougé, le serveur la redira.
   */
  const keep = ({ key, generation }, answer) =>
    outbox.inTurn(async () => {
      const page = await answer();
      return etat.loaded && etat.generation === generation ? ingest(key, page) : null;
    });

  function waitingExcept(sent) {
    return etat
      .operations()
      .filter((entry) => SENDABLE.has(entry.etat) && !sent.has(entry.op.id))
      .map(({ op }) => op);
  }

  /**
   * Un autre travailleur a pu recevoir et noter depuis que celui-ci a lu le carnet : ses copies anciennes prendraient sur le disque
   * la place des siennes. Ce qui est tenu ici est relu s'il n'est plus ce que dit le disque.
   */
  const catchUp = () =>
    outbox.inTurn(async () => {
      store.reread();
      const [curseur, rows] = await Promise.all([store.get(STORES.meta, "curseur"), store.all(STORES.operations)]);
      const written = rows.filter((row) => row.donnees).map(({ id, etat: fate }) => `${id} ${fate}`);
      const held = new Set(etat.operations().map(({ op, etat: fate }) => `${op.id} ${fate}`));
      const same = curseur === (etat.curseur ?? undefined) && written.length === held.size && written.every((each) => held.has(each));
      if (!same) await reload();
    });

  async function run({ progress }) {
    const opened = await session.current();
    if (opened && etat.loaded) await catchUp();
    if (!opened || !etat.loaded) return { resultat: "verrouille" };
    // Sans identifiant, le serveur ne lirait aucune demande, et chaque opération serait crue fautive.
    if (typeof (await store.get(STORES.meta, "appareil"))?.id !== "string") return { resultat: "appareil_inconnu" };
    const key = opened.cle;
    const sent = new Set();
    const limits = { count: MAX_OPERATIONS };
    const totals = { arrivees: 0, refusees: 0, recus: 0, changes: 0, partis: [] };
    const comptes = await bilans.take();
    for (const once = { bilans: comptes }; ; once.bilans = null) {
      if (!etat.loaded) return { resultat: "verrouille", ...totals };
      const start = { key, generation: etat.generation };
      const stopped = await giveBack();
      if (stopped) return { resultat: stopped.issue, message: stopped.message, attendre: stopped.attendre, ...totals };
      const batch = firstBatch(waitingExcept(sent), limits);
      const body = await request(batch, once.bilans);
      const answer = await transport.post("/sync", body);
      if (answer.issue === "trop_gros" || answer.issue === "invalide") {
        if (batch.length > 1) {
          limits.count = Math.ceil(batch.length / 2);
        } else if (batch.length === 1) {
          sent.add(batch[0].id);
          await refuse(start, batch[0], answer.issue === "trop_gros" ? TOO_LONG : (answer.message ?? UNREADABLE));
        } else {
          return { resultat: answer.issue, message: answer.message, ...totals };
        }
        continue;
      }
      if (answer.issue === "hors_ligne") held.octets = shorterPage(held.octets);
      if (answer.issue !== "reponse") return { resultat: answer.issue, message: answer.message, attendre: answer.attendre, ...totals };
      const page = unfold(answer.corps, batch);
      // Un curseur qui n'avance pas sur une page annoncée incomplète tournerait sans fin.
      if (!isAnswer(page) || (page.suite && page.curseur === body.curseur)) return { resultat: "pas_une_reponse", ...totals };
      const kept = await keep(start, () => page).catch(whenFull);
      // Le serveur a reçu, ce téléphone n'a pas pu l'écrire : rien n'a bougé ici, les mêmes opérations repartiront sans se doubler.
      if (kept === FULL) return { resultat: "plein", ...totals };
      if (!kept) return { resultat: "verrouille", ...totals };
      // Ce que la base restaurée n'a pas pu appliquer attendait peut-être ce qu'on va lui redonner.
      if (page.restauree) sent.clear();
      else for (const op of batch) sent.add(op.id);
      if (once.bilans) await bilans.settled(once.bilans, page);
      limits.count = Math.min(MAX_OPERATIONS, limits.count * 2);
      held.octets = longerPage(held.octets);
      for (const name of ["arrivees", "refusees", "recus", "changes"]) totals[name] += kept[name];
      totals.partis.push(...kept.partis);
      progress({ recus: totals.recus, restant: page.restant ?? 0 });
      if (!page.suite && !page.restauree && !waitingExcept(sent).length) {
        await directory.follow(start);
        return { resultat: "fait", ...totals };
      }
    }
  }

  return {
    get running() {
      return held.running !== null;
    },
    /** Un seul échange à la fois dans ce travailleur (promesse en cours) et entre deux versions du travailleur (verrou du navigateur). */
    run({ progress = () => {} } = {}) {
      held.running ??= locks
        .request("jalon-echange", () => run({ progress }))
        .finally(() => {
          held.running = null;
        });
      return held.running;
    },
  };
}
