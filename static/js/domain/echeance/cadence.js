// La cadence des entretiens : miroir de app/domain/echeance/cadence.py.
import { ajouterJours, ajouterMois } from "../dates.js";
import { quantieme } from "../francais.js";
import { ouvreAuPlusTard } from "../jours_ouvres.js";
import { conventionAu } from "../mesure.js";
import { plusTard } from "./faits.js";

const PERIODES_JOURS = { mois: 30, quinzaine: 15, semaine: 7 };
const PERIODES = { mois: "par mois", quinzaine: "tous les quinze jours", semaine: "par semaine" };

export function attendre(genre, regle, situation, convention) {
  const { aujourdHui } = situation;
  const { entree_le: entreeLe, sortie_le: sortieLe } = situation.mesure;
  const dernier = plusTard(situation.jours("entretien").filter((jour) => jour <= aujourdHui)) ?? "";
  const aEuLieu = dernier >= entreeLe;
  let depuis = aEuLieu ? dernier : entreeLe;
  const reprise = situation.reprise();
  const reprend = reprise !== null && reprise > depuis;
  if (reprend) depuis = reprise;
  let dueLe = periodeApres(depuis, regle);
  const debut = convention.debut ?? "";
  const avant = dueLe < debut ? situation.rythmeAu(dueLe) : regle;
  if (!avant) {
    depuis = debut;
    dueLe = periodeApres(depuis, regle);
  } else if (!memeRythme(avant, regle)) {
    dueLe = [periodeApres(depuis, avant), debut].sort()[0];
  }
  if (sortieLe && dueLe >= sortieLe) return null;
  const jour = quantieme(depuis, aujourdHui);
  let motif = aEuLieu ? `Dernier entretien le ${jour}` : `Entrée le ${jour}, pas encore d’entretien`;
  if (reprend) motif = `Reprise le ${jour} après suspension`;
  if (!avant) motif = `Rythme demandé depuis le ${jour}`;
  const renfort = ajouterMois(entreeLe, convention.intensif_mois || 0);
  const davantage = aujourdHui < renfort ? `, davantage jusqu’au ${quantieme(renfort, aujourdHui)}` : "";
  return {
    due_le: dueLe,
    depuis,
    pourquoi: `${motif}\u202f: ${cadenceEnMots(regle)} au moins${davantage}`,
    attendu: genre.attendus[0],
  };
}

const memeRythme = (un, autre) => un.nombre === autre.nombre && un.par === autre.par;

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
