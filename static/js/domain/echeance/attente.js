// Une attente née d'une règle, et ce qu'elle devient à l'écran : miroir de app/domain/echeance/attente.py.
import { DELAIS } from "#jalon/delais";

import { heureParis, jourParis, joursEntre, minuit } from "../dates.js";
import { heure, jourLong, jourProche, quantieme, quantite } from "../francais.js";
import { nomCourt } from "../mesure.js";

export const PROCHE_JOURS = 7;
export const RENCONTRES = ["entretien", "rendez_vous"];

export function annoncer(genre, attente, convention, situation) {
  const { aujourdHui } = situation;
  const { attendu } = attente;
  const jours = joursEntre(aujourdHui, attente.due_le);
  const estRencontre = RENCONTRES.includes(attendu.chemin);
  const prevu = estRencontre && attente.prevu === undefined ? situation.prochain : null;
  const aPreciser = estRencontre ? rendezVousAPreciser(attente, situation) : null;
  const estPrevu = attente.prevu ?? (prevu !== null && prevu <= attente.due_le);
  const etat = etatDe(jours, estPrevu, attente.proche ?? jours <= (genre.proche ?? PROCHE_JOURS));
  const geste = adresse(attendu.chemin, situation, attente.piece, attendu.avec);
  let action = { libelle: attendu.geste, url: geste };
  let pourquoi = attente.pourquoi + regleEnMots(genre, convention) + (attente.suite ?? "");
  if (prevu !== null) {
    action = { libelle: "Ouvrir le dossier", url: adresse("dossier", situation) };
    if (etat !== "prevu") pourquoi += `. Rendez-vous proposé ${le(prevu, aujourdHui)}`;
  }
  if (aPreciser) {
    pourquoi += `. Le rendez-vous ${du(aPreciser.debut, aujourdHui)} reste à préciser`;
    const url = `${adresse("entretien", situation)}&rendez_vous=${aPreciser.id}`;
    action = { libelle: "Préciser le rendez-vous", url };
  }
  return {
    genre: genre.code,
    mesure_id: situation.mesure.id,
    convention: situation.mesure.convention,
    due_le: attente.due_le,
    jours,
    etat,
    titre: titreDe(genre, attente, jours, aujourdHui, etat === "prevu" ? prevu : null),
    pourquoi: `${pourquoi}.`,
    citation: convention?.citations?.[genre.regle] || genre.source || null,
    action,
    geste,
  };
}

function adresse(chemin, { dossier, mesure }, piece = null, avec = null) {
  const personneId = dossier.personne.id;
  if (piece) return `/pieces/${piece.id}/modifier`;
  if (DELAIS.chemins[chemin]) return DELAIS.chemins[chemin].replace("{dossier}", personneId).replace("{mesure}", mesure.id);
  const nouvelle = `/pieces/nouvelle?dossier=${personneId}&forme=${chemin}&mesure=${mesure.id}`;
  return avec ? `${nouvelle}&${avec}` : nouvelle;
}

function regleEnMots({ regle, unite }, convention) {
  if (!convention) return "";
  return `${unite && convention.a_confirmer?.includes(regle) ? ", délai à confirmer" : ""} (${nomCourt(convention)})`;
}

// Le dernier rendez-vous sans issue dont l'heure est passée, depuis que l'attente court.
function rendezVousAPreciser({ depuis }, { proposes, maintenant }) {
  let aPreciser = null;
  for (const fiche of proposes) {
    const { debut } = fiche;
    if (debut < maintenant && debut >= minuit(depuis) && (aPreciser === null || debut > aPreciser.debut)) aPreciser = fiche;
  }
  return aPreciser;
}

function etatDe(jours, estPrevu, estProche) {
  if (estPrevu) return "prevu";
  if (jours < 0) return "en_retard";
  return estProche ? "proche" : "a_venir";
}

function titreDe(genre, attente, jours, aujourdHui, prevu) {
  const quoi = attente.quoi ?? attente.attendu.quoi ?? genre.quoi;
  const titre = `${quoi} ${attente.attendu.verbe ?? genre.verbe}`;
  if (prevu !== null) return `${quoi} prévu ${le(prevu, aujourdHui)}`;
  if (jours < 0) {
    const retard = quantite(-jours, "jour");
    return genre.depasse ? `${genre.depasse} depuis ${retard}` : `${titre}, ${retard} de retard`;
  }
  return jours === 0 ? `${titre} aujourd’hui` : `${titre} d’ici ${jourProche(attente.due_le, aujourdHui)}`;
}

const le = (jour, aujourdHui) =>
  Math.abs(joursEntre(aujourdHui, jour)) <= 1 ? jourProche(jour, aujourdHui) : `le ${jourLong(jour, aujourdHui)}`;

// « de 9 h » aujourd'hui, « du 12 novembre » un autre jour.
function du(debut, aujourdHui) {
  const jour = jourParis(debut);
  return jour === aujourdHui ? `de ${heure(heureParis(debut))}` : `du ${quantieme(jour, aujourdHui)}`;
}
