/* Ranger une réponse du serveur : résultats, fiches, retraits et curseur, dans une seule transaction durable.
 *
 * Une opération ne quitte la boîte d'envoi que sur un résultat qui la dit arrivée. Son effet passe au même instant dans la copie
 * du serveur, pour que la fiche ne disparaisse pas de l'écran si sa version définitive vient à la page suivante.
 */
import { applyRecords, everyRecord, personOf, withoutMarks } from "./dossier.js";
import { beingWritten } from "./drafts.js";
import { dossierRow, operationRow, REFERENCE, referenceRow } from "./notebook.js";
import { keepAfter } from "./kept.js";
import { STORES } from "./schema.js";

/** Assez pour un formulaire rouvert par « Retour » ; au-delà, le serveur refuse un identifiant réemployé. */
const REMEMBERED = 300;
const ARRIVED = new Set(["applied", "merged", "conflict"]);

/** @returns {"arrivee"|"retenue"|"refusee"} ; un doublon vaut ce que valut la première réponse */
export function outcome({ statut, premier }) {
  const first = statut === "duplicate" ? (premier ?? "applied") : statut;
  if (ARRIVED.has(first) || first === "duplicate") return "arrivee";
  return first === "held" ? "retenue" : "refusee";
}

export const isAnswer = (body) =>
  Number.isInteger(body?.protocole) &&
  Array.isArray(body.resultats) &&
  Array.isArray(body.fiches) &&
  typeof body.curseur === "string" &&
  typeof body.suite === "boolean";

const byPerson = (items, personOfItem) => {
  const groups = new Map();
  for (const item of items) {
    const id = personOfItem(item);
    groups.set(id, [...(groups.get(id) ?? []), item]);
  }
  return groups;
};

const keyOf = ({ type, id }) => `${type} ${id}`;

function settle(etat, results) {
  const arrived = [];
  const kept = [];
  for (const result of results) {
    const entry = etat.operation(result.id);
    if (!entry) continue;
    const fate = outcome(result);
    if (fate === "arrivee") arrived.push(entry.op);
    else kept.push({ ...entry, etat: fate, erreurs: fate === "refusee" ? (result.erreurs ?? {}) : {} });
  }
  return { arrived, kept };
}

/** Les copies du serveur après cette réponse ; null : le dossier s'en va. */
function nextCopies(etat, { arrived, answer, removed, stale }) {
  const records = byPerson(answer.fiches, personOf);
  const tombes = byPerson(answer.tombes ?? [], (tombe) => tombe.personne_id);
  const landed = byPerson(arrived, (op) => op.personne);
  const touched = new Set([...records.keys(), ...tombes.keys(), ...landed.keys()]);
  // Un dossier qui différait de celui du serveur, ou d'une base restaurée, revient entier : rien de l'ancien n'y reste.
  const again = new Set([...(answer.a_reprendre ?? []), ...stale]);
  const copies = new Map();
  for (const id of touched) {
    const mine = records.get(id) ?? [];
    const copy = mine.length && again.has(id) ? null : etat.copy(id);
    const before = (landed.get(id) ?? []).reduce((dossier, op) => etat.apply(dossier, op) ?? dossier, copy);
    if (!before && !mine.length) continue;
    copies.set(id, applyRecords(before && withoutMarks(before), mine, tombes.get(id)));
  }
  for (const id of removed) copies.set(id, null);
  return copies;
}

/**
 * Une fiche n'est que dans un dossier. Celui qui ne fait plus qu'attendre le départ de son travail rend ce qui est revenu dans un autre :
 * une réunion défaite, ou oubliée par une base restaurée. Sinon elle se verrait deux fois, et ce qu'on en noterait irait où rien ne le
 * reçoit plus. `copies` est complété.
 */
function handBack(etat, copies, waiting) {
  if (!waiting.length) return;
  const next = new Map([...etat.copies(), ...copies]);
  const others = [...next].filter(([id, copy]) => copy && !waiting.includes(id));
  const elsewhere = new Set(others.flatMap(([, copy]) => everyRecord(copy)).map(keyOf));
  for (const id of waiting) {
    const copy = next.get(id);
    const moved = copy ? everyRecord(copy).filter((record) => elsewhere.has(keyOf(record))) : [];
    if (moved.length) copies.set(id, applyRecords(copy, [], moved));
  }
}

/**
 * Ce qui n'est plus à lui : retiré tout de suite, ou quand le travail qu'il y avait laissé sera arrivé, y compris le formulaire qu'il
 * est en train de remplir. Ce qui est refusé n'arrivera pas : cela se lit à l'écran Envoi, et ne retient pas le dossier d'une personne
 * qui n'est plus suivie ici.
 */
function splitRemovals(etat, { arrived, kept, answer, deferred, written }) {
  const regained = new Set(answer.fiches.map(personOf));
  const wanted = new Set([...deferred, ...(answer.retraits ?? [])].filter((id) => !regained.has(id)));
  const gone = new Set(arrived.map(({ id }) => id));
  const fates = new Map(kept.map((entry) => [entry.op.id, entry.etat]));
  const onItsWay = ({ op, etat: before }) => !gone.has(op.id) && (fates.get(op.id) ?? before) !== "refusee";
  const busy = (id) => etat.pendingOn(id).some(onItsWay) || isWritten(etat.copy(id), written);
  return { removed: [...wanted].filter((id) => !busy(id)), waiting: [...wanted].filter(busy) };
}

/** Un formulaire de ce dossier est en cours : son brouillon nomme la personne, ou une de ses fiches. */
const isWritten = (copy, written) =>
  copy !== null &&
  [copy.personne, copy.cahier, ...copy.rendez_vous, ...copy.entretiens, ...(copy.feuilles ?? [])].some((record) => record && written.has(record.id));

/**
 * La base a été restaurée ou remplacée : le serveur redonne tout depuis le début. Ce qu'il n'aura pas redonné à la fin de ce tour
 * n'est plus à nous. `pending` : ce qui reste à confirmer, ou null hors d'un tel tour.
 */
function restart(etat, { answer, pending }) {
  const before = answer.repartir ? [...etat.copies().keys()] : pending;
  if (!before) return { stale: [], unseen: null, lost: [] };
  const seen = new Set(answer.fiches.map(personOf));
  const unseen = before.filter((id) => !seen.has(id));
  return answer.suite ? { stale: before, unseen, lost: [] } : { stale: before, unseen: null, lost: unseen };
}

const settings = ({ structure }) => ({ grace_minutes: structure.grace_minutes ?? 5, bail_jours: structure.bail_jours ?? 7 });

/**
 * @param {{store, etat, now, glanceRows}} parts
 * @returns {(key: CryptoKey, answer: object) => Promise<{arrivees: number, refusees: number, recus: number, changes: number,
 *   partis: string[]}|null>} null : le carnet s'est refermé avant l'écriture, rien n'a été rangé ; `changes` : ce qui, à l'écran, n'est
 *   plus vrai, ne serait-ce qu'un dossier retiré ou un nom de la référence ; `partis` : les personnes qui ne sont plus dans ce carnet
 */
export function createIngest({ store, etat, now, glanceRows }) {
  return async function ingest(key, answer) {
    const generation = etat.generation;
    const structure = etat.structure ?? answer.reference?.structure?.id;
    const { arrived, kept } = settle(etat, answer.resultats);
    const [deferred, pending, sent = []] = await Promise.all(
      ["retraits", "a_confirmer", "envoyees"].map((name) => store.get(STORES.meta, name)),
    );
    const { stale, unseen, lost } = restart(etat, { answer, pending });
    const leaving = [...(deferred ?? []), ...lost];
    // Chercher les brouillons ne se paie que lorsqu'un dossier s'en va.
    const written = leaving.length || answer.retraits?.length ? await beingWritten({ store, key, structure, now }) : new Set();
    const { removed, waiting } = splitRemovals(etat, { arrived, kept, answer, deferred: leaving, written });
    const partis = removed.filter((id) => etat.copy(id));
    const copies = nextCopies(etat, { arrived, answer, removed, stale });
    handBack(etat, copies, waiting);
    const present = [...copies].filter(([, copy]) => copy);
    const oldRows = new Map((await store.all(STORES.operations)).map((row) => [row.id, row]));
    const gardees = await keepAfter({ store, answer, arrived: arrived.map(({ id }) => oldRows.get(id)).filter(Boolean) });
    const unchanged = !copies.size && answer.curseur === etat.curseur;
    const next = [...new Map([...etat.copies(), ...copies])].filter(([, copy]) => copy);
    const [rows, keptRows, reference, glance] = await Promise.all([
      Promise.all(present.map(([id, copy]) => dossierRow(key, structure, id, copy))),
      Promise.all(kept.map((entry) => operationRow(key, structure, entry, oldRows.get(entry.op.id)))),
      answer.reference ? referenceRow(key, structure, REFERENCE, answer.reference) : null,
      // Au milieu d'une longue réception il ne servirait qu'un instant.
      unchanged || answer.suite ? null : glanceRows.make(key, structure, { copies: next, curseur: answer.curseur }),
    ]);
    const instant = new Date(now()).toISOString().replace(/\.\d+Z$/, "Z");
    if (etat.generation !== generation) return null;

    await store.write([STORES.meta, STORES.dossiers, STORES.operations, STORES.reference, STORES.gardees], (objects) => {
      for (const row of rows) objects(STORES.dossiers).put(row);
      for (const [id, copy] of copies) if (!copy) objects(STORES.dossiers).delete(id);
      if (glance) objects(STORES.reference).put(glance);
      else if (!unchanged) objects(STORES.reference).delete(glanceRows.id);
      for (const { id } of arrived) objects(STORES.operations).delete(id);
      for (const row of keptRows) objects(STORES.operations).put(row);
      for (const row of gardees.puts) objects(STORES.gardees).put(row);
      for (const id of gardees.deletes) objects(STORES.gardees).delete(id);
      const meta = objects(STORES.meta);
      if (reference) {
        objects(STORES.reference).put(reference);
        meta.put(settings(answer.reference), "reglages");
      }
      meta.put(answer.curseur, "curseur");
      if (gardees.give) meta.put(true, "a_redonner");
      if (answer.heure_serveur) meta.put(answer.sauvegarde?.instant ?? null, "sauvegarde");
      meta.put(waiting, "retraits");
      if (arrived.length) meta.put([...sent, ...arrived.map(({ id }) => id)].slice(-REMEMBERED), "envoyees");
      if (unseen) meta.put(unseen, "a_confirmer");
      else meta.delete("a_confirmer");
      if (!answer.suite) {
        meta.put({ complet: true }, "premier_echange");
        meta.put({ instant, ecart_ms: now() - Date.parse(answer.heure_serveur) }, "dernier_echange");
      }
    });

    if (etat.generation !== generation) {
      // Verrouillé ou rechargé pendant l'écriture : le disque fait foi, la mémoire sera relue.
      etat.clear();
    } else {
      if (answer.reference) etat.setReference(answer.reference);
      etat.setCurseur(answer.curseur);
      for (const [id, copy] of copies) etat.setCopy(id, copy);
      for (const { id } of arrived) etat.dropOperation(id);
      for (const entry of kept) etat.setOperation(entry);
    }
    return {
      arrivees: arrived.length,
      refusees: kept.filter(({ etat: fate }) => fate === "refusee").length,
      recus: answer.fiches.length,
      changes: present.length + partis.length + kept.length + (answer.reference ? 1 : 0),
      partis,
    };
  };
}
