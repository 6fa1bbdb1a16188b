/* Ouvrir le carnet : phrase de passe, clé d'accès ou code court ; et ce qu'il advient quand on se trompe trop. */
import { begin, exhausted, left, NONE, waiting } from "./attempts.js";
import { decrypt, place } from "./cipher.js";
import { keptRow } from "./kept.js";
import { EXPIRED } from "./lease.js";
import { DEFAULT_GRACE } from "./session.js";
import { STORES } from "./schema.js";
import { withoutContent } from "./sealed_deposit.js";
import { openWithPhrase, openWithPrf, rewrap } from "./vault.js";

const MINUTE = 60_000;

export const placeOfCode = (structure) => place(structure, "coffre", "code", 1);

const SAY = {
  phrase: "Ce n’est pas la bonne phrase de passe.",
  prf: "Cette clé d’accès n’ouvre pas ce carnet.",
  code: "Ce n’est pas le bon code.",
  detruit:
    "Trop d’essais\u202f: la copie de ce téléphone a été rendue illisible. Ce qui attendait reste sous pli scellé et partira vers le serveur.",
};

/**
 * La clé s'en va : des opérations il ne reste que ce qui peut encore partir sous pli. Ce qui est déjà déposé rejoint les plis gardés : un
 * serveur restauré l'aurait perdu.
 * @returns {object[]} ces derniers
 */
export function keepSealed(objects, rows) {
  const kept = [];
  for (const row of rows) {
    const sealed = withoutContent(row);
    if (sealed) {
      objects(STORES.operations).put(sealed);
      continue;
    }
    objects(STORES.operations).delete(row.id);
    kept.push(...[keptRow(row)].filter(Boolean));
  }
  for (const row of kept) objects(STORES.gardees).put(row);
  return kept;
}

/** Détruit la clé enveloppée et ce qu'elle protégeait ; les plis scellés restent et partiront. */
export async function destroyVault(store) {
  const [vault, rows] = await Promise.all([store.get(STORES.meta, "coffre"), store.all(STORES.operations)]);
  await store.write(Object.values(STORES), (objects) => {
    for (const name of [STORES.dossiers, STORES.brouillons, STORES.reference, STORES.annuaire]) objects(name).clear();
    keepSealed(objects, rows);
    const meta = objects(STORES.meta);
    for (const key of ["curseur", "premier_echange", "retraits", "tentatives"]) meta.delete(key);
    if (vault) meta.put({ ...vault, etat: "detruit", enveloppes: { phrase: null, prf: null }, code: null }, "coffre");
  });
}

export function createUnlock({ store, session, lease, now, load, renewLease }) {
  // Les essais qu'un téléphone plein n'a pas pu écrire.
  const held = { attempts: NONE };

  const readVault = () => store.get(STORES.meta, "coffre");

  async function triedSoFar() {
    const written = (await store.get(STORES.meta, "tentatives")) ?? NONE;
    return held.attempts.n > written.n ? held.attempts : written;
  }

  async function count(attempts) {
    const written = await store.writeIfRoom([STORES.meta], (objects) => objects(STORES.meta).put(attempts, "tentatives"));
    held.attempts = written ? NONE : attempts;
  }

  async function forgive() {
    held.attempts = NONE;
    await store.writeIfRoom([STORES.meta], (objects) => objects(STORES.meta).delete("tentatives"));
  }

  /** Le bail passé, la clé sert à joindre le serveur, et le carnet ne s'ouvre que s'il a répondu. */
  async function onceLeased() {
    await load();
    if (!(await lease.expired())) return { etat: "ouvert" };
    await renewLease();
    if (!(await lease.expired())) return { etat: "ouvert" };
    return { etat: await session.lock(), erreur_texte: EXPIRED };
  }

  async function openSession(vault, key) {
    const settings = await store.get(STORES.meta, "reglages");
    const code = vault.code && (await decrypt(key, vault.code, placeOfCode(vault.structure)));
    const grace_ms = settings ? settings.grace_minutes * MINUTE : DEFAULT_GRACE;
    await session.open(key, { code, grace_ms });
    return onceLeased();
  }

  async function failed(attempts, message) {
    if (exhausted(attempts)) {
      await session.lock();
      await destroyVault(store);
      return { etat: "detruit", erreur_texte: SAY.detruit, essais_restants: 0 };
    }
    const wait = Math.ceil(waiting(attempts, now()) / 1000);
    return { etat: "verrouille", erreur_texte: message, attendre_secondes: wait, essais_restants: left(attempts) };
  }

  /**
   * Un essai de phrase : compté avant le calcul, oublié s'il réussit ; en mémoire quand la place manque, pour qu'un téléphone plein s'ouvre.
   * `attempt` rend une valeur, ou null si la phrase est fausse.
   */
  async function counted(attempt, then) {
    const before = await triedSoFar();
    const wait = Math.ceil(waiting(before, now()) / 1000);
    if (wait > 0) {
      return { etat: "verrouille", erreur_texte: null, attendre_secondes: wait, essais_restants: left(before) };
    }
    const attempts = begin(before, now());
    await count(attempts);
    const found = await attempt();
    if (!found) return failed(attempts, SAY.phrase);
    await forgive();
    return then(found);
  }

  const withPhrase = (vault, phrase) =>
    counted(
      () => openWithPhrase(vault.enveloppes, phrase),
      (key) => openSession(vault, key),
    );

  /**
   * Carnet ouvert : la même clé passe sous une phrase neuve, et l'enveloppe de l'ancienne est remplacée dans la même écriture. La phrase
   * actuelle est demandée : un téléphone laissé ouvert sur une table ne suffit pas à la changer.
   */
  async function changePhrase({ phrase, wanted, iterations }) {
    const vault = await readVault();
    return counted(
      () => rewrap(vault.enveloppes, { phrase, wanted, iterations }),
      async (enveloppes) => {
        await store.write([STORES.meta], (objects) => objects(STORES.meta).put({ ...vault, enveloppes }, "coffre"));
        return { etat: "ouvert" };
      },
    );
  }

  async function withPrf(vault, secret) {
    const key = await openWithPrf(vault.enveloppes, secret);
    return key ? openSession(vault, key) : { etat: "verrouille", erreur_texte: SAY.prf };
  }

  async function withCode(code) {
    const result = await session.tryCode(code);
    if (result.etat === "ouvert") return onceLeased();
    return { ...result, erreur_texte: result.etat === "couvert" ? SAY.code : null };
  }

  /** @param {{phrase?: string, code?: string, prf?: Uint8Array}} secret */
  async function unlock(secret) {
    const vault = await readVault();
    if (!vault) return { etat: "absent" };
    if (vault.etat === "detruit") return { etat: "detruit", erreur_texte: SAY.detruit, essais_restants: 0 };
    if (secret.code !== undefined) return withCode(secret.code);
    if (secret.prf) return withPrf(vault, secret.prf);
    return withPhrase(vault, secret.phrase ?? "");
  }

  /** Ce que l'écran de verrou doit dire avant tout essai. */
  async function outlook() {
    const [vault, current] = await Promise.all([readVault(), triedSoFar()]);
    return {
      detruit: vault?.etat === "detruit",
      phrase: Boolean(vault?.enveloppes?.phrase),
      prf: vault?.enveloppes?.prf ? { identifiant: vault.enveloppes.prf.identifiant, sel: vault.enveloppes.prf.sel } : null,
      essais_restants: current.n >= 3 ? left(current) : null,
      attendre_secondes: Math.ceil(waiting(current, now()) / 1000),
    };
  }

  return { unlock, outlook, changePhrase };
}
