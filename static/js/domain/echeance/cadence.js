// La cadence des entretiens : miroir de app/domain/echeance/cadence.py.
import { ajouterJours, ajouterMois, jourParis, minuit } from "../dates.js";
import { majuscule, quantieme } from "../francais.js";
import { ouvreAuPlusTard } from "../jours_ouvres.js";
import { conventionAu, nomCourt, statut } from "../mesure.js";
import { entretiensDe, honores } from "./faits.js";

const MOYENS_D_ENTRETIEN = ["presentiel", "visite", "visio", "telephone"];
const PERIODES_JOURS = { mois: 30, quinzaine: 15, semaine: 7 };
const PERIODES = { mois: "par mois", quinzaine: "tous les quinze jours", semaine: "par semaine" };

function attendre(dossier, mesure, conventions, aujourdHui) {
  if (statut(mesure, aujourdHui) !== "en_cours") return null;
  const convention = conventionAu(conventions, mesure.convention, aujourdHui);
  const regle = convention?.cadence;
  if (!regle) return null;
  const dernier = dernierEntretien(dossier, mesure, aujourdHui);
  const aEuLieu = dernier !== null && dernier >= mesure.entree_le;
  const depuis = aEuLieu ? dernier : mesure.entree_le;
  const motif = aEuLieu
    ? `Dernier entretien le ${quantieme(dernier, aujourdHui)}`
    : `Entrée le ${quantieme(depuis, aujourdHui)}, pas encore d’entretien`;
  const dueLe = periodeApres(depuis, regle);
  if (mesure.sortie_le && dueLe >= mesure.sortie_le) return null;
  return {
    due_le: dueLe,
    depuis,
    pourquoi: `${motif}\u202f: ${cadenceEnMots(regle)} au moins (${nomCourt(convention)})`,
    citation: convention.citations?.cadence ?? null,
  };
}

// Les instants se comparent en texte ; un seul est ramené à son jour, le plus récent.
function dernierEntretien(dossier, mesure, aujourdHui) {
  let dernier = null;
  const retenir = (jour) => {
    if (jour <= aujourdHui && (dernier === null || jour > dernier)) dernier = jour;
  };
  for (const entretien of entretiensDe(dossier, mesure)) {
    if (MOYENS_D_ENTRETIEN.includes(entretien.moyen)) retenir(entretien.date);
  }
  const demain = minuit(ajouterJours(aujourdHui, 1));
  let dernierHonore = null;
  for (const { debut } of honores(dossier, mesure)) {
    if (debut < demain && (dernierHonore === null || debut > dernierHonore)) dernierHonore = debut;
  }
  if (dernierHonore !== null) retenir(jourParis(dernierHonore));
  return dernier;
}

export function prochainALaCadence(mesure, conventions, depuis) {
  const regle = mesure ? conventionAu(conventions, mesure.convention, depuis)?.cadence : null;
  if (!regle) return null;
  return ouvreAuPlusTard(periodeApres(depuis, regle));
}

export function periodeApres(jour, regle) {
  if (regle.par === "mois" && regle.nombre === 1) return ajouterMois(jour, 1);
  return ajouterJours(jour, Math.max(1, Math.floor(PERIODES_JOURS[regle.par] / regle.nombre)));
}

export const cadenceEnMots = (regle) =>
  `${regle.nombre === 1 ? "un entretien" : `${regle.nombre} entretiens`} ${PERIODES[regle.par]}`;

export const GENRE = Object.freeze({
  code: "cadence",
  quoi: "Entretien",
  verbe: "à prévoir",
  geste: "Proposer un rendez-vous",
  chemin: "/rendez-vous/nouveau",
  retard: "entretien en retard",
  attendre,
  rappeler: (convention) => `${majuscule(cadenceEnMots(convention.cadence))} au moins`,
});
