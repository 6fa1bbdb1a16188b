// L'activité de chaque semaine : miroir de app/domain/echeance/semaine.py.
import { ajouterJours, jourDeSemaine } from "../dates.js";
import { duree, quantieme, quantite } from "../francais.js";
import { valeur as valeurDe } from "../piece.js";
import { SANS_FIN } from "./faits.js";

const SEMAINES = 4;

export function attendre(genre, regle, situation) {
  const { aujourdHui, mesure } = situation;
  const courante = ajouterJours(aujourdHui, -jourDeSemaine(aujourdHui));
  const manquantes = [];
  for (let rang = SEMAINES; rang > 0; rang -= 1) {
    const lundi = ajouterJours(courante, -7 * rang);
    const dimanche = ajouterJours(lundi, 6);
    if (lundi < mesure.entree_le || situation.estSuspendue(lundi, dimanche)) continue;
    const demandee = demandeeLa(situation, regle, lundi, dimanche);
    const notees = situation.pieces("semaine").filter((piece) => valeurDe(piece, "lundi") === lundi);
    const minutes = notees.reduce((somme, piece) => somme + minutesDe(piece), 0);
    if (demandee && minutes < demandee) manquantes.push({ lundi, notees, demandee, minutes });
  }
  if (!manquantes.length) return null;
  const [{ lundi, notees, demandee, minutes }] = manquantes;
  const fait = notees.length ? `${duree(minutes)} notées` : "Aucune activité notée";
  return {
    due_le: ajouterJours(lundi, 13),
    depuis: lundi,
    quoi: `Semaine du ${quantieme(lundi, aujourdHui)}`,
    pourquoi: `${fait}\u202f: ${duree(demandee)} par semaine, ou un aménagement`,
    suite: manquantes.length > 1 ? `. ${quantite(manquantes.length, "semaine")} sont dans ce cas` : "",
    attendu: { ...genre.attendus[0], avec: `lundi=${lundi}` },
    piece: notees.at(-1),
  };
}

const minutesDe = (semaine) =>
  (valeurDe(semaine, "activites") ?? []).reduce((somme, { minutes }) => somme + (minutes || 0), 0);

function demandeeLa(situation, regle, lundi, dimanche) {
  const dites = (forme, champ, debut, fin) =>
    situation
      .pieces(forme)
      .filter(
        (piece) => (valeurDe(piece, debut) ?? SANS_FIN) <= dimanche && (valeurDe(piece, fin) ?? SANS_FIN) >= lundi,
      )
      .map((piece) => valeurDe(piece, champ))
      .filter((minutes) => minutes !== null);
  const reduites = [
    ...dites("amenagement", "minutes", "du", "au"), ...dites("contrat", "activite_minutes", "debut", "fin"),
  ];
  return Math.min(regle, ...reduites);
}
