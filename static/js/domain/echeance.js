// Ce qui est attendu, quand, pourquoi, et le geste qui le règle : miroir de app/domain/echeance.py, où les règles sont dites.
import { ajouterJours, ajouterMois, jourParis, joursEntre, minuit } from "./dates.js";
import { jourLong, jourProche, quantieme, quantite } from "./francais.js";
import { ouvreAuPlusTard } from "./jours_ouvres.js";
import { conventionAu, nomCourt, statut } from "./mesure.js";

export const PROCHE_JOURS = 7;
const MOYENS_D_ENTRETIEN = ["presentiel", "visite", "visio", "telephone"];
const PERIODES_JOURS = { mois: 30, quinzaine: 15, semaine: 7 };
const PERIODES = { mois: "par mois", quinzaine: "tous les quinze jours", semaine: "par semaine" };

export function echeances(dossier, conventions, aujourdHui) {
  const trouvees = [];
  for (const mesure of dossier.mesures) {
    const etape = statut(mesure, aujourdHui);
    let echeance = null;
    if (etape === "en_integration") echeance = premierContact(dossier, mesure, conventions, aujourdHui);
    else if (etape === "en_cours") echeance = cadence(dossier, mesure, conventions, aujourdHui);
    if (echeance) trouvees.push(echeance);
  }
  const ordre = (e) => e.due_le + e.mesure_id;
  return trouvees.sort((a, b) => (ordre(a) < ordre(b) ? -1 : 1));
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

function premierContact(dossier, mesure, conventions, aujourdHui) {
  const orienteeLe = mesure.orientee_le;
  if (!orienteeLe || mesure.premier_contact_le) return null;
  const convention = conventionAu(conventions, mesure.convention, orienteeLe);
  const delai = convention?.premier_contact_jours;
  if (!delai) return null;
  if (entretiensDe(dossier, mesure).some((entretien) => entretien.date >= orienteeLe)) return null;
  if (honores(dossier, mesure).some((rendezVous) => rendezVous.debut >= minuit(orienteeLe))) return null;
  return echeance("premier_contact", dossier, mesure, ajouterJours(orienteeLe, delai), aujourdHui, {
    depuis: orienteeLe,
    quoi: "Premier contact",
    pourquoi:
      `Orientation reçue le ${quantieme(orienteeLe, aujourdHui)} : ` +
      `contact dans les ${delai} jours (${nomCourt(convention)})`,
    citation: convention.citations?.premier_contact_jours ?? null,
    geste: "Noter le premier contact",
  });
}

function cadence(dossier, mesure, conventions, aujourdHui) {
  const convention = conventionAu(conventions, mesure.convention, aujourdHui);
  const regle = convention?.cadence;
  if (!regle) return null;
  let dernier = null;
  const retenir = (jour) => {
    if (jour <= aujourdHui && (dernier === null || jour > dernier)) dernier = jour;
  };
  for (const entretien of entretiensDe(dossier, mesure)) {
    if (MOYENS_D_ENTRETIEN.includes(entretien.moyen)) retenir(entretien.date);
  }
  let dernierHonore = null;
  for (const { debut } of honores(dossier, mesure)) {
    if (debut < minuit(ajouterJours(aujourdHui, 1)) && (dernierHonore === null || debut > dernierHonore)) dernierHonore = debut;
  }
  if (dernierHonore !== null) retenir(jourParis(dernierHonore));
  const aEuLieu = dernier !== null && dernier >= mesure.entree_le;
  const depuis = aEuLieu ? dernier : mesure.entree_le;
  const motif = aEuLieu
    ? `Dernier entretien le ${quantieme(dernier, aujourdHui)}`
    : `Entrée le ${quantieme(depuis, aujourdHui)}, pas encore d’entretien`;
  const dueLe = periodeApres(depuis, regle);
  if (mesure.sortie_le && dueLe >= mesure.sortie_le) return null;
  return echeance("cadence", dossier, mesure, dueLe, aujourdHui, {
    depuis,
    quoi: "Entretien",
    pourquoi: `${motif} : ${cadenceEnMots(regle)} au moins (${nomCourt(convention)})`,
    citation: convention.citations?.cadence ?? null,
    geste: "Proposer un rendez-vous",
  });
}

function echeance(genre, dossier, mesure, dueLe, aujourdHui, { depuis, quoi, pourquoi, citation, geste }) {
  const personneId = dossier.personne.id;
  const jours = joursEntre(aujourdHui, dueLe);
  let prochain = null;
  let aPreciser = null;
  for (const rendezVous of dossier.rendez_vous) {
    if (rendezVous.statut !== "propose" || !deLaMesure(rendezVous, mesure)) continue;
    const { debut } = rendezVous;
    if (debut >= minuit(aujourdHui)) {
      if (prochain === null || debut < prochain) prochain = debut;
    } else if (debut >= minuit(depuis) && (aPreciser === null || debut > aPreciser.debut)) aPreciser = rendezVous;
  }
  const prevu = prochain === null ? null : jourParis(prochain);
  let etat = "a_venir";
  if (prevu !== null && prevu <= dueLe) etat = "prevu";
  else if (jours < 0) etat = "en_retard";
  else if (jours <= PROCHE_JOURS) etat = "proche";
  const titre = titreDe(quoi, dueLe, jours, aujourdHui, etat === "prevu" ? prevu : null);
  const chemin = genre === "premier_contact" ? "/entretiens/nouveau" : "/rendez-vous/nouveau";
  let action = { libelle: geste, url: `${chemin}?dossier=${personneId}` };
  let raison = pourquoi;
  if (prevu !== null) {
    action = { libelle: "Ouvrir le dossier", url: `/dossiers/${personneId}` };
    if (etat !== "prevu") raison += `. Rendez-vous proposé ${le(prevu, aujourdHui)}`;
  }
  if (aPreciser) {
    raison += `. Le rendez-vous du ${quantieme(jourParis(aPreciser.debut), aujourdHui)} reste à préciser`;
    action = {
      libelle: "Préciser le rendez-vous",
      url: `/entretiens/nouveau?dossier=${personneId}&rendez_vous=${aPreciser.id}`,
    };
  }
  return {
    genre,
    mesure_id: mesure.id,
    convention: mesure.convention,
    due_le: dueLe,
    jours,
    etat,
    titre,
    pourquoi: `${raison}.`,
    citation,
    action,
  };
}

function titreDe(quoi, dueLe, jours, aujourdHui, prevu) {
  if (prevu !== null) return `${quoi} prévu ${le(prevu, aujourdHui)}`;
  const verbe = quoi === "Premier contact" ? "à prendre" : "à prévoir";
  if (jours < 0) return `${quoi} ${verbe}, ${quantite(-jours, "jour")} de retard`;
  if (jours === 0) return `${quoi} ${verbe} aujourd’hui`;
  return `${quoi} ${verbe} d’ici ${jourProche(dueLe, aujourdHui)}`;
}

const le = (jour, aujourdHui) =>
  Math.abs(joursEntre(aujourdHui, jour)) <= 1 ? jourProche(jour, aujourdHui) : `le ${jourLong(jour, aujourdHui)}`;

const deLaMesure = (fiche, mesure) =>
  fiche.mesure_id === null || fiche.mesure_id === undefined || fiche.mesure_id === mesure.id;

const entretiensDe = (dossier, mesure) => dossier.entretiens.filter((entretien) => deLaMesure(entretien, mesure));

const honores = (dossier, mesure) =>
  dossier.rendez_vous.filter((rendezVous) => rendezVous.statut === "honore" && deLaMesure(rendezVous, mesure));
