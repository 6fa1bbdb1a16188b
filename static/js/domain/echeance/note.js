// La note d'information d'une demande, quand la situation a changé depuis : miroir de app/domain/echeance/note.py.
import { minuscule, quantieme } from "../francais.js";
import { donnees } from "../nomenclatures.js";
import { valeur as valeurDe } from "../piece.js";

export function attendre(genre, regle, situation) {
  const { aujourdHui } = situation;
  const historique = situation.dossier.personne.historique ?? {};
  for (const piece of situation.pieces("demande")) {
    const noteLe = valeurDe(piece, "note_information_le");
    if (!noteLe || valeurDe(piece, "statut") !== "en_cours") continue;
    let premier = null;
    for (const champ of genre.champs) {
      for (const [jour] of historique[champ] ?? []) {
        if (noteLe < jour && jour <= aujourdHui && (premier === null || jour < premier.jour)) premier = { jour, champ };
      }
    }
    if (premier === null) continue;
    const quoi = minuscule(donnees().champs[premier.champ].libelle);
    return {
      due_le: premier.jour,
      depuis: premier.jour,
      pourquoi: `Changement le ${quantieme(premier.jour, aujourdHui)} (${quoi})\u202f: ${genre.pourquoi}`,
      attendu: genre.attendus[0],
      piece,
    };
  }
  return null;
}
