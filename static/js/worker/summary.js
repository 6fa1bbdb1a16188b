/* Le résumé d'un dossier : ce que Ma journée et Dossiers en lisent, et rien de plus. Calculé un jour, il vaut ce jour-là et les
 * suivants : les deux écrans faits de résumés sont ceux que feraient les dossiers entiers (summary.test.js le vérifie sur les mêmes
 * cas que les écrans et les échéances ; une règle qui lit un fait de plus l'y ajoute ici).
 *
 * Il ne résume que la copie du serveur : un dossier que touche une opération en attente se lit en entier.
 */
import { minuit } from "../domain/dates.js";
import { forme } from "../domain/formes.js";

const latest = (records, groupOf, dateOf) => {
  const kept = new Map();
  for (const record of records) {
    const group = groupOf(record);
    const known = kept.get(group);
    if (!known || dateOf(record) > dateOf(known)) kept.set(group, record);
  }
  return new Set(kept.values());
};

const measureOf = ({ mesure_id: mesure }) => mesure ?? "";

/** Ce qui attend son issue, ce qui est d'aujourd'hui ou après, et le dernier honoré de chaque mesure. */
function appointments(records, day, named) {
  const morning = minuit(day);
  const past = records.filter(({ debut, statut }) => statut === "honore" && debut < morning);
  const last = latest(past, measureOf, ({ debut }) => debut);
  return records.filter((each) => each.statut === "propose" || each.debut >= morning || last.has(each) || named.has(each.id));
}

/** Le dernier de chaque mesure par chaque moyen, ceux qui seraient datés d'après, et ceux d'un rendez-vous gardé. */
function interviews(records, day, kept, named) {
  const past = records.filter(({ date }) => date <= day);
  const last = latest(past, (each) => `${measureOf(each)} ${each.moyen}`, ({ date }) => date);
  return records.filter((each) => each.date > day || last.has(each) || kept.has(each.rendez_vous_id) || named.has(each.id));
}

/** Les longs textes et ce qui n'est qu'au fil du dossier. */
const UNREAD = ["type", "personne_id", "version", "reference", "synthese", "note_personnelle", "demarches", "auteur_nom"];

function light(record) {
  const copy = { ...record };
  for (const name of UNREAD) delete copy[name];
  return copy;
}

const WORDS = ["long", "signature"];
const PIECE = [...UNREAD, "auteur", "note_le", "revisions", "partagee", "tardive", "retrait_motif"];

/** Une pièce sans ses longs textes ni ses tracés. */
function lightPiece(piece) {
  const copy = { ...piece };
  for (const name of PIECE) delete copy[name];
  const long = (forme(piece.forme)?.champs ?? []).filter(({ genre }) => WORDS.includes(genre)).map(({ nom }) => nom);
  copy.valeurs = Object.fromEntries(Object.entries(piece.valeurs).filter(([name]) => !long.includes(name)));
  return copy;
}

/** @param {string} day  le jour où l'on résume, « 2026-11-22 » */
export function summarise(dossier, day) {
  const { rendez_vous: rendezVous, entretiens, controles } = dossier;
  const returned = controles.filter(({ etat }) => etat === "retournee");
  const named = new Set(returned.map(({ fiche_id: fiche }) => fiche));
  const kept = appointments(rendezVous, day, named);
  const linked = new Set(kept.filter(({ statut }) => statut === "honore").map(({ id }) => id));
  return {
    // Une sorte de fiche dont on ne sait rien ici reste entière.
    ...dossier,
    // L'issue se dit d'un geste dès ces écrans : elle part avec la version qu'ils montraient.
    rendez_vous: kept.map((each) => ({ ...light(each), version: each.version })),
    entretiens: interviews(entretiens, day, linked, named).map(light),
    controles: returned,
    pieces: (dossier.pieces ?? []).filter(({ id, retiree_le: withdrawn }) => !withdrawn || named.has(id)).map(lightPiece),
  };
}
