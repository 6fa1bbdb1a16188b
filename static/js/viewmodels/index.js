// Tous les modèles de vue, pour le service worker.
export { aRegler, faceAFace } from "./desaccord.js";
export { deplacement, prevenir } from "./deplacement.js";
export { dossier } from "./dossier.js";
export { choisirDossier, dossiers } from "./dossiers.js";
export { entretien } from "./entretien.js";
export { envoi } from "./envoi.js";
export { maJournee } from "./ma_journee.js";
export { messageArchive, messageCoche, messageConstat, messageDeplacement, messageDesaccord, messageEnregistre } from "./messages.js";
export { mesure } from "./mesure.js";
export { notes } from "./notes.js";
export { papier, papiers } from "./papier.js";
export { partage } from "./partage.js";
export { enTapant, personne } from "./personne.js";
export { ajouter as ajouterPiece, lecture as lecturePiece } from "./piece.js";
export { enSaisie, formulaire as formulairePiece } from "./piece_formulaire.js";
export { rendezVous } from "./rendez_vous.js";
export { sortie } from "./sortie.js";
export { cloture, tournee } from "./tournee.js";
