// La sortie d'une mesure, au jour que donne la règle : miroir de app/domain/sortie.py.
import { echeances } from "./echeance/index.js";

export function sortieCalculee(dossier, mesure, conventions, maintenant) {
  const ouverte = { ...mesure, sortie_le: null, sortie_motif: null };
  const dues = echeances({ ...dossier, mesures: [ouverte] }, conventions, maintenant);
  const due = dues.find(({ genre }) => genre === "file_active_emploi" || genre === "file_active_formation");
  return due ? { jour: due.due_le, pourquoi: due.pourquoi } : null;
}
