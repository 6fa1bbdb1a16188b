/* Le magasin du téléphone, version par version. Une étape s'exécute une fois ou plusieurs sans dommage, et aucune ne touche à la
 * boîte d'envoi : une opération écrite par une version ancienne part telle quelle, c'est le serveur qui la met à niveau. */

export const NAME = "jalon";

export const STORES = Object.freeze({
  meta: "meta",
  dossiers: "dossiers",
  operations: "operations",
  brouillons: "brouillons",
  reference: "reference",
  gardees: "gardees",
  annuaire: "annuaire",
});

const create = (db, name, options) => {
  if (!db.objectStoreNames.contains(name)) db.createObjectStore(name, options);
};

const STEPS = [
  function premiereVersion(db) {
    create(db, STORES.meta);
    create(db, STORES.dossiers, { keyPath: "id" });
    create(db, STORES.operations, { keyPath: "id" });
    create(db, STORES.brouillons, { keyPath: "cle" });
    create(db, STORES.reference, { keyPath: "id" });
  },
  function plisGardes(db) {
    create(db, STORES.gardees, { keyPath: "id" });
  },
  function annuaire(db) {
    create(db, STORES.annuaire, { keyPath: "id" });
  },
];

export const VERSION = STEPS.length;

/** @param {number} from version trouvée sur le téléphone (0 : rien encore) */
export function upgrade(db, from, steps = STEPS) {
  for (const step of steps.slice(from)) step(db);
}
