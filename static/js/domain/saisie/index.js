// Lire un formulaire : miroir de app/domain/saisie/. La forme des résultats y est dite.
export { lireInscription, lirePresence, lirePresences, lireSeance } from "./action.js";
export { lireAnnotation } from "./annuaire.js";
export { lireSituation } from "./comite.js";
export { lireConstat } from "./constat.js";
export { lireDeplacement } from "./deplacement.js";
export { lireEntretien } from "./entretien.js";
export { lireArchive, lireCoche, lireFinDePartage, lireReglement } from "./geste.js";
export { lireConnu, lireMaraude, lirePrevue, lireRedit, lireRencontre, lireRetour } from "./maraude.js";
export { lireMesure } from "./mesure.js";
export { lireNotes } from "./notes.js";
export { lirePartage } from "./partage.js";
export { lirePersonne } from "./personne.js";
export { lirePiece, lireRetrait } from "./piece.js";
export { lireDetachement, lireRattachement } from "./rattachement.js";
export { lireRendezVous } from "./rendez_vous.js";
export { lireSortie } from "./sortie.js";
