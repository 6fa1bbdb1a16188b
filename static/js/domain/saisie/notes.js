// Choisir ce que deviennent ses notes : miroir de app/domain/saisie/notes.py.
import { conclure, lireIdentifiant, nouveauResultat, operation, texte } from "./lecture.js";

export const CHOIX = new Map([["transmettre", "transmettre_note"], ["effacer", "effacer_note"]]);

export const aChoisir = ({ reference, decidees = [] }) =>
  (reference.notes ?? []).filter(({ entretien }) => !decidees.includes(entretien));

export function lireNotes(saisie, contexte) {
  const resultat = nouveauResultat();
  const tout = texte(saisie, "tout");
  for (const { entretien, personne } of aChoisir(contexte)) {
    const genre = CHOIX.get(texte(saisie, `choix-${entretien}`) || tout);
    if (!genre || !texte(saisie, `op-${entretien}`)) continue;
    const id = lireIdentifiant(resultat, saisie, `op-${entretien}`);
    resultat.operations.push(operation(id, genre, entretien, personne, {}));
  }
  if (!resultat.operations.length) {
    resultat.erreurs.tout = "Choisissez au moins pour une note\u202f: la transmettre, ou l’effacer.";
  }
  return conclure(resultat);
}
