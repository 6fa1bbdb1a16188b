// Une attente née d'une règle, et ce qu'elle devient à l'écran : miroir de app/domain/echeance/attente.py.
import { heureParis, jourParis, joursEntre, minuit } from "../dates.js";
import { heure, jourLong, jourProche, quantieme, quantite } from "../francais.js";
import { deLaMesure } from "./faits.js";

export const PROCHE_JOURS = 7;

export function annoncer(genre, attente, { dossier, mesure, maintenant, aujourdHui }) {
  const personneId = dossier.personne.id;
  const jours = joursEntre(aujourdHui, attente.due_le);
  const { prochain, aPreciser } = sansIssue(dossier, mesure, maintenant, attente.depuis);
  const prevu = prochain === null ? null : jourParis(prochain);
  const etat = etatDe(jours, prevu !== null && prevu <= attente.due_le);
  let action = { libelle: genre.geste, url: `${genre.chemin}?dossier=${personneId}` };
  let { pourquoi } = attente;
  if (prevu !== null) {
    action = { libelle: "Ouvrir le dossier", url: `/dossiers/${personneId}` };
    if (etat !== "prevu") pourquoi += `. Rendez-vous proposé ${le(prevu, aujourdHui)}`;
  }
  if (aPreciser) {
    pourquoi += `. Le rendez-vous ${du(aPreciser.debut, aujourdHui)} reste à préciser`;
    action = {
      libelle: "Préciser le rendez-vous",
      url: `/entretiens/nouveau?dossier=${personneId}&rendez_vous=${aPreciser.id}`,
    };
  }
  return {
    genre: genre.code,
    mesure_id: mesure.id,
    convention: mesure.convention,
    due_le: attente.due_le,
    jours,
    etat,
    titre: titreDe(genre, attente.due_le, jours, aujourdHui, etat === "prevu" ? prevu : null),
    pourquoi: `${pourquoi}.`,
    citation: attente.citation,
    action,
  };
}

// Le premier rendez-vous à venir, et le dernier dont l'heure est passée depuis que l'attente court.
function sansIssue(dossier, mesure, maintenant, depuis) {
  let prochain = null;
  let aPreciser = null;
  for (const rendezVous of dossier.rendez_vous) {
    if (rendezVous.statut !== "propose" || !deLaMesure(rendezVous, mesure)) continue;
    const { debut } = rendezVous;
    if (debut >= maintenant) {
      if (prochain === null || debut < prochain) prochain = debut;
    } else if (debut >= minuit(depuis) && (aPreciser === null || debut > aPreciser.debut)) aPreciser = rendezVous;
  }
  return { prochain, aPreciser };
}

function etatDe(jours, estPrevu) {
  if (estPrevu) return "prevu";
  if (jours < 0) return "en_retard";
  return jours <= PROCHE_JOURS ? "proche" : "a_venir";
}

function titreDe({ quoi, verbe }, dueLe, jours, aujourdHui, prevu) {
  if (prevu !== null) return `${quoi} prévu ${le(prevu, aujourdHui)}`;
  if (jours < 0) return `${quoi} ${verbe}, ${quantite(-jours, "jour")} de retard`;
  if (jours === 0) return `${quoi} ${verbe} aujourd’hui`;
  return `${quoi} ${verbe} d’ici ${jourProche(dueLe, aujourdHui)}`;
}

const le = (jour, aujourdHui) =>
  Math.abs(joursEntre(aujourdHui, jour)) <= 1 ? jourProche(jour, aujourdHui) : `le ${jourLong(jour, aujourdHui)}`;

// « de 9 h » aujourd'hui, « du 12 novembre » un autre jour.
function du(debut, aujourdHui) {
  const jour = jourParis(debut);
  return jour === aujourdHui ? `de ${heure(heureParis(debut))}` : `du ${quantieme(jour, aujourdHui)}`;
}
