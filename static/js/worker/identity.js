/* Un formulaire est un fait : renvoyé tel quel, il n'en fait pas un second ; renvoyé modifié, il corrige le premier.
 *
 * « Retour » rouvre un formulaire avec ses identifiants. Une opération écrite ne change plus (elle a pu partir) : la correction est
 * une opération neuve, qui ne porte que ce qui a changé.
 */

const canonical = (value) =>
  JSON.stringify(value ?? null, (_key, inner) =>
    inner && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

const same = (a, b) => canonical(a) === canonical(b);
const sameContent = (a, b) => a.genre === b.genre && a.entite === b.entite && same(a.champs, b.champs);

/** Reprendre une saisie déjà enregistrée, c'est la modifier ; ce qui la rattache (mesure, rendez-vous) ne se modifie pas. */
const AS_EDIT = {
  noter_entretien: "modifier_entretien",
  creer_personne: "modifier_personne",
  proposer_rendez_vous: "deplacer_rendez_vous",
};
const ATTACHED = new Set(["mesure_id", "rendez_vous_id"]);

function valueIn(record, champ) {
  const history = record.historique?.[champ];
  return history ? history.at(-1)?.[1] : record[champ];
}

function changes(champs, record) {
  const changed = Object.entries(champs).filter(
    ([champ, value]) => champ !== "date_effet" && !ATTACHED.has(champ) && !same(value, valueIn(record, champ)),
  );
  if (!changed.length) return null;
  return Object.fromEntries("date_effet" in champs ? [...changed, ["date_effet", champs.date_effet]] : changed);
}

/**
 * @param {object} etat  état affiché
 * @param {{draft: object, sent: Set<string>, newId: () => string}} around  `sent` : opérations déjà arrivées au serveur
 * @returns {object|null} l'opération à écrire, ou null s'il n'y a rien de neuf
 */
export function settleIdentity(etat, { draft, sent, newId }) {
  const known = etat.operation(draft.id);
  if (!known && !sent.has(draft.id)) return { remplace: supersededBy(etat, draft), ...draft };
  if (known && sameContent(known.op, draft)) return null;
  if (known && (known.etat === "refusee" || isUnopenedMeasure(etat, draft))) return { ...draft, id: newId(), remplace: known.op.id };
  const record = etat.record(draft.personne, draft.entite);
  if (!record) return { ...draft, id: newId() };
  const champs = changes(draft.champs, record);
  return champs && { ...draft, id: newId(), genre: AS_EDIT[draft.genre] ?? draft.genre, champs };
}

/** Rien ne modifie toute une mesure : tant que le serveur ne l'a pas, la retaper remplace celle qui attend, sur la même fiche. */
const isUnopenedMeasure = (etat, { genre, entite, personne }) =>
  genre === "ouvrir_mesure" && !etat.copy(personne)?.mesures?.some(({ id }) => id === entite);

/** Redire l'issue d'un rendez-vous refusée vaut correction : il n'y a pas de formulaire où la reprendre. */
function supersededBy(etat, { genre, entite, personne }) {
  if (genre !== "constater_rendez_vous") return null;
  const refused = ({ op, etat: fate }) => fate === "refusee" && op.genre === genre && op.entite === entite;
  return etat.pendingOn(personne).find(refused)?.op.id ?? null;
}
