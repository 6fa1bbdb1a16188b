/* Un dossier du téléphone : la personne et ses fiches, comme elles descendent du serveur, une par une.
 *
 * Le cahier d'une équipe se range de même, sans personne : `{personne: null, cahier, feuilles}`.
 */

export const COLLECTIONS = Object.freeze({
  mesure: "mesures",
  rendez_vous: "rendez_vous",
  entretien: "entretiens",
  piece: "pieces",
  controle: "controles",
  desaccord: "desaccords",
  partage: "partages",
});

const empty = () => ({ personne: null, ...Object.fromEntries(Object.values(COLLECTIONS).map((collection) => [collection, []])) });

/** Un dossier rangé par une version qui ne connaissait pas encore toutes les sortes de fiches. */
export const complete = (dossier) => ({ ...empty(), ...dossier });

const HOLDERS = new Set(["personne", "cahier"]);

/** Le dossier, ou le cahier, où se range cette fiche. */
export const personOf = (record) => (HOLDERS.has(record.type) ? record.id : (record.personne_id ?? record.cahier_id));

const without = (list, id) => list.filter((record) => record.id !== id);

/** Une fiche n'a qu'un contrôle, quel que soit l'identifiant sous lequel un serveur d'hier l'avait envoyé. */
const others = (list, record) =>
  record.type === "controle" ? list.filter(({ fiche_id }) => fiche_id !== record.fiche_id) : without(list, record.id);

function withRecord(dossier, record) {
  if (HOLDERS.has(record.type)) return { ...dossier, [record.type]: record };
  if (record.type === "feuille") return { ...dossier, feuilles: [...without(dossier.feuilles ?? [], record.id), record] };
  const collection = COLLECTIONS[record.type];
  // Une sorte de fiche que cette version ne connaît pas encore : la suivante la redemandera, celle-ci ne s'arrête pas.
  if (!collection) return dossier;
  return { ...dossier, [collection]: [...others(dossier[collection], record), record] };
}

function withoutRecord(dossier, tombe) {
  const collection = COLLECTIONS[tombe.type];
  if (!collection) return dossier;
  return { ...dossier, [collection]: without(dossier[collection], tombe.id) };
}

/** Nouvelle copie du dossier ; l'ancienne n'est pas touchée. */
export function applyRecords(dossier, records, tombes = []) {
  const updated = records.reduce(withRecord, complete(dossier));
  return tombes.reduce(withoutRecord, updated);
}

export const everyRecord = (dossier) => [
  ...[dossier.personne, dossier.cahier].filter(Boolean),
  ...(dossier.feuilles ?? []),
  ...Object.values(COLLECTIONS).flatMap((collection) => dossier[collection] ?? []),
];

/** Version du contenu chiffré : la plus haute de ses fiches. */
export const versionOf = (dossier) => everyRecord(dossier).reduce((highest, { version }) => Math.max(highest, version ?? 0), 0);

export const findRecord = (dossier, id) => everyRecord(dossier).find((record) => record.id === id) ?? null;

/** Une personne, et ce que la rue en dit dans son dossier. */
const mapPerson = ({ rattachements, ...personne }, change) => change(rattachements ? { ...personne, rattachements: rattachements.map(change) } : personne);

const mapRecords = (dossier, change) => ({
  ...dossier,
  personne: dossier.personne && mapPerson(dossier.personne, change),
  ...(dossier.cahier && { cahier: change(dossier.cahier) }),
  ...(dossier.feuilles && { feuilles: dossier.feuilles.map(change) }),
  ...Object.fromEntries(Object.values(COLLECTIONS).map((collection) => [collection, (dossier[collection] ?? []).map(change)])),
});

const SEVERITY = ["en_attente", "retenue", "refusee"];
const graver = (a, b) => (SEVERITY.indexOf(a) > SEVERITY.indexOf(b) ? a : b);

/**
 * Marque les fiches que des opérations en attente touchent : elles ne sont pas encore au serveur. La marque la plus grave l'emporte.
 * @param {[id: string, envoi: string][]} marks
 */
export function markRecords(dossier, marks) {
  const worst = new Map();
  for (const [id, envoi] of marks) worst.set(id, graver(worst.get(id), envoi));
  return mapRecords(dossier, (record) => (worst.has(record.id) ? { ...record, envoi: worst.get(record.id) } : record));
}

/** La même copie sans marques d'envoi : ce qui est arrivé au serveur. */
export const withoutMarks = (dossier) =>
  mapRecords(dossier, (record) => {
    if (!("envoi" in record)) return record;
    const { envoi: _marque, ...clean } = record;
    return clean;
  });
