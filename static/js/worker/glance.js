/* L'aperçu : les résumés de tous les dossiers, en une seule valeur chiffrée, pour répondre à Ma journée et à Dossiers sans attendre
 * que tout le carnet soit déchiffré. Il est en lecture seule, à part de l'état : rien de ce qu'il tient ne retourne au magasin.
 *
 * Il est écrit dans la transaction qui range les dossiers, et dit de quel curseur, de quelle version du programme et de quel jour il
 * vaut. Au moindre doute il ne sert pas : le carnet se lit en entier, et l'aperçu se refait.
 */
import { decrypt, encrypt, place } from "./cipher.js";
import { createEtat, genresOf } from "./etat.js";
import { openReferences, placeOfDossier, readOperation } from "./notebook.js";
import { STORES } from "./schema.js";
import { summarise } from "./summary.js";

const GLANCE = "apercu";
const placeOfGlance = (structure, { version, curseur }) => place(structure, STORES.reference, GLANCE, `${version}/${curseur}`);
const byId = ([a], [b]) => (a < b ? -1 : 1);

/** @param {{version: string, today: () => string}} options */
export function createGlanceRows({ version, today }) {
  const matches = (row, curseur) => row?.version === version && row.curseur === (curseur ?? null);

  return {
    id: GLANCE,
    find: ({ reference, curseur }) => reference.find((row) => row.id === GLANCE && matches(row, curseur)) ?? null,

    async make(key, structure, { copies, curseur = null }) {
      const jour = today();
      // Ni Ma journée ni Dossiers ne lisent un cahier.
      const people = [...copies].filter(([, copy]) => !copy.cahier);
      const dossiers = people.map(([id, copy]) => [id, summarise(copy, jour)]).sort(byId);
      const genres = genresOf([...copies].map(([, copy]) => copy));
      const row = { id: GLANCE, version, curseur };
      return { ...row, donnees: await encrypt(key, { jour, dossiers, genres }, placeOfGlance(structure, row)) };
    },

    /** Les résumés, ou null s'ils ont été faits un jour qui n'est pas encore venu (la montre a reculé). */
    async read(key, structure, row) {
      const { jour, ...seen } = await decrypt(key, row.donnees, placeOfGlance(structure, row));
      return jour <= today() ? seen : null;
    },
  };
}

export function createGlance({ store, session, projeter, rows }) {
  const held = { etat: null, genres: [], opening: null };

  /** Les dossiers que touchent des opérations en attente, en entier, si rien n'a bougé depuis le coup d'œil. */
  async function whole(key, structure, people, seen) {
    if (!people.length) return [];
    const { dossiers, curseur, operations } = await store.some(people);
    const same = curseur === seen.meta.get("curseur") && operations.length === seen.operations.length;
    if (!same) return null;
    return Promise.all(dossiers.map(async (row) => [row.id, await decrypt(key, row.donnees, placeOfDossier(structure, row))]));
  }

  async function read(opened) {
    const seen = await store.overview();
    const curseur = seen.meta.get("curseur");
    const { structure } = seen.meta.get("coffre");
    const row = rows.find({ reference: seen.reference, curseur });
    if (!row) return null;
    const [glanced, references, operations] = await Promise.all([
      rows.read(opened.cle, structure, row),
      openReferences(seen.reference, opened.cle, structure),
      Promise.all(seen.operations.filter(({ donnees }) => donnees).map((each) => readOperation(opened.cle, structure, each))),
    ]);
    const people = [...new Set(operations.map(({ op }) => op.personne))];
    const touched = glanced && (await whole(opened.cle, structure, people, seen));
    if (!touched || !references.reference) return null;
    const etat = createEtat({ projeter });
    etat.load({ structure, ...references, curseur, dossiers: [...glanced.dossiers, ...touched], operations });
    return { etat, genres: glanced.genres };
  }

  async function open() {
    const opened = await session.current();
    if (!opened) return;
    // Abîmé ou illisible, il ne vaut rien : le carnet entier, lui, dira ce qui ne va pas.
    const seen = await read(opened).catch(() => null);
    // Verrouillé pendant le déchiffrement : ce qui vient d'être lu ne se garde pas.
    if ((await session.current()) === opened) Object.assign(held, { etat: seen?.etat ?? null, genres: seen?.genres ?? [] });
  }

  return {
    get etat() {
      return held.etat;
    },
    /** Les genres des cahiers qu'il a vus. */
    get genres() {
      return held.genres;
    },
    /** L'état, ou l'aperçu tant qu'il n'est pas chargé : ce que lit un écran qui se contente de l'un ou de l'autre. */
    behind(etat) {
      const current = () => (etat.loaded ? etat : held.etat);
      return {
        dossiers: () => current().dossiers(),
        operations: () => current().operations(),
        get reference() {
          return current().reference;
        },
      };
    },
    close() {
      held.etat = null;
    },
    /** @returns {Promise<boolean>} faux : il faut lire le carnet en entier */
    async open() {
      held.opening ??= open().finally(() => {
        held.opening = null;
      });
      await held.opening;
      return held.etat !== null;
    },
  };
}
