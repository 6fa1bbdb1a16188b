// Le premier contact : miroir de app/domain/echeance/premier_contact.py.
import { ajouterJours, minuit } from "../dates.js";
import { quantieme } from "../francais.js";
import { conventionAu, nomCourt, statut } from "../mesure.js";
import { entretiensDe, honores } from "./faits.js";

function attendre(dossier, mesure, conventions, aujourdHui) {
  const orienteeLe = mesure.orientee_le;
  if (statut(mesure, aujourdHui) !== "en_integration" || !orienteeLe || mesure.premier_contact_le) return null;
  const convention = conventionAu(conventions, mesure.convention, orienteeLe);
  const delai = convention?.premier_contact_jours;
  if (!delai) return null;
  if (entretiensDe(dossier, mesure).some((entretien) => entretien.date >= orienteeLe)) return null;
  if (honores(dossier, mesure).some((rendezVous) => rendezVous.debut >= minuit(orienteeLe))) return null;
  return {
    due_le: ajouterJours(orienteeLe, delai),
    depuis: orienteeLe,
    pourquoi:
      `Orientation reçue le ${quantieme(orienteeLe, aujourdHui)}\u202f: ` +
      `contact dans les ${delai} jours (${nomCourt(convention)})`,
    citation: convention.citations?.premier_contact_jours ?? null,
  };
}

export const GENRE = Object.freeze({
  code: "premier_contact",
  quoi: "Premier contact",
  verbe: "à prendre",
  geste: "Noter le premier contact",
  chemin: "/entretiens/nouveau",
  retard: "premier contact en retard",
  attendre,
  rappeler: () => "Premier contact",
});
