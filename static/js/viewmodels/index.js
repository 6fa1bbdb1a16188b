// Tous les modèles de vue, pour le service worker.
export { dossier } from "./dossier.js";
export { choisirDossier, dossiers } from "./dossiers.js";
export { entretien } from "./entretien.js";
export { envoi } from "./envoi.js";
export { maJournee } from "./ma_journee.js";
export { messageConstat, messageEnregistre } from "./messages.js";
export { mesure } from "./mesure.js";
export { personne } from "./personne.js";
export { rendezVous } from "./rendez_vous.js";
