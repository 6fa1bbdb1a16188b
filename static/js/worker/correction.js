/* Corriger ce que le serveur a refusé : l'opération redevient le formulaire qui l'avait faite. */

import { genreDePiece } from "../domain/piece.js";
import { enSaisie } from "../viewmodels/piece_formulaire.js";

const text = (value) => (value === null || value === undefined ? "" : String(value));

function fromEntretien({ op }) {
  const { champs } = op;
  const demarches = champs.demarches ?? [];
  return {
    date: text(champs.date),
    heure: text(champs.heure),
    duree: text(champs.duree),
    moyen: text(champs.moyen),
    lieu: text(champs.lieu),
    demarches: [...new Set(demarches.map(({ famille }) => famille))],
    natures: demarches.map(({ nature }) => nature).filter(Boolean),
    synthese: text(champs.synthese),
    note_personnelle: text(champs.note_personnelle),
    mesure_id: text(champs.mesure_id),
    rendez_vous: text(champs.rendez_vous_id),
  };
}

const fromRendezVous = ({ op: { champs } }, { jourParis, heureParis }) => ({
  date: champs.debut ? jourParis(champs.debut) : "",
  heure: champs.debut ? heureParis(champs.debut) : "",
  duree: text(champs.duree),
  lieu: text(champs.lieu),
  mesure_id: text(champs.mesure_id),
});

/** La page « personne » d'une fiche connaît déjà ses valeurs telles qu'un formulaire les porte : on les relit d'elle. */
export function fieldsOfPersonPage({ f, champs }) {
  const fields = { ...f };
  for (const { nom, genre, valeur, choix } of champs.flatMap((chapter) => chapter.champs)) {
    const chosen = choix.filter(({ choisi }) => choisi).map(({ code }) => code);
    fields[nom] = genre === "puces_multiples" ? chosen : (chosen[0] ?? valeur);
  }
  return fields;
}

/** La mesure venue avec la personne : elle attend que la personne soit acceptée, et le formulaire la reprend sous ses identifiants. */
export function measureFields(entry) {
  if (!entry) return {};
  return { ...fromMesure(entry), op_id_mesure: entry.op.id, entite_mesure: entry.op.entite };
}

/** Les champs d'un formulaire dont une partie seulement a été refusée : le reste garde la valeur connue. */
const known = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "" && value !== undefined));

const MEASURE_FIELDS = ["convention", "orientee_le", "prescripteur", "premier_contact_le", "entree_le", "modalite"];

const fromMesure = ({ op: { champs } }) => Object.fromEntries(MEASURE_FIELDS.map((champ) => [champ, text(champs[champ])]));

const fromSortie = ({ op: { champs } }) => ({
  sortie_le: text(champs.sortie_le),
  sortie_motif: text(champs.sortie_motif),
  ecart: text(champs.ecart),
});

const READERS = {
  ouvrir_mesure: fromMesure,
  modifier_mesure: fromMesure,
  prononcer_sortie: fromSortie,
  noter_entretien: fromEntretien,
  modifier_entretien: fromEntretien,
  proposer_rendez_vous: fromRendezVous,
  deplacer_rendez_vous: fromRendezVous,
};

/** Les raisons d'un refus, champ par champ, telles qu'un formulaire les montre. */
export const errorsOf = (entry) =>
  Object.fromEntries(Object.entries(entry?.erreurs ?? {}).map(([champ, messages]) => [champ, [messages].flat().join(" ")]));

/**
 * @param {{op: object, erreurs: object}} entry  l'opération refusée
 * @param {object} current  le formulaire tel qu'il s'ouvrirait sans correction (vide pour une création)
 * @returns {{saisie: object, erreurs: object}} de quoi remontrer le formulaire, avec la raison du refus
 */
export function correctionOf(entry, dates, current = {}) {
  const [, forme] = genreDePiece(entry.op.genre) ?? [];
  const read = forme ? ({ op }) => ({ forme, mesure_id: text(op.champs.mesure_id), ...enSaisie(forme, op.champs) }) : READERS[entry.op.genre];
  const values = read ? read(entry, dates) : {};
  const partial = entry.op.genre.startsWith("modifier_") || entry.op.genre.startsWith("deplacer_");
  const given = partial ? known(values) : values;
  return {
    saisie: { ...current, ...given, entite: entry.op.entite, remplace: entry.op.id },
    erreurs: errorsOf(entry),
  };
}
