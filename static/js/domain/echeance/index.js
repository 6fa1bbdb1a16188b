// Ce qui est attendu, quand, pourquoi, et le geste qui le règle : miroir de app/domain/echeance/, où les règles sont dites.
import { jourParis } from "../dates.js";
import { annoncer } from "./attente.js";
import * as cadence from "./cadence.js";
import * as premierContact from "./premier_contact.js";

export { cadenceEnMots, periodeApres, prochainALaCadence } from "./cadence.js";

export const REGISTRE = Object.freeze({ premier_contact: premierContact.GENRE, cadence: cadence.GENRE });
const GENRES = Object.values(REGISTRE);

export function echeances(dossier, conventions, maintenant) {
  const aujourdHui = jourParis(maintenant);
  const trouvees = [];
  for (const mesure of dossier.mesures) {
    for (const genre of GENRES) {
      const attente = genre.attendre(dossier, mesure, conventions, aujourdHui);
      if (attente) trouvees.push(annoncer(genre, attente, { dossier, mesure, maintenant, aujourdHui }));
    }
  }
  const ordre = (e) => e.due_le + e.mesure_id;
  return trouvees.sort((a, b) => (ordre(a) < ordre(b) ? -1 : 1));
}
