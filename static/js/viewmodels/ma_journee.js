// Ma journée : miroir de app/viewmodels/ma_journee.py.
import { estArchive, peutRegler } from "../domain/acces.js";
import { ajouterJours, heureParis, jourParis, minuit } from "../domain/dates.js";
import { echeances } from "../domain/echeance/index.js";
import { quantieme, quantite } from "../domain/francais.js";
import { masquer } from "../domain/masque.js";
import { estOuverte } from "../domain/mesure.js";
import { libelle } from "../domain/nomenclatures.js";
import { nomAffiche } from "../domain/personne.js";
import { titre } from "../domain/piece.js";
import { cle } from "../domain/recherche.js";
import { aChoisir } from "../domain/saisie/notes.js";
import { ligneRendezVous } from "./agenda.js";
import { trierPar } from "./contexte.js";
import { ouverts } from "./desaccord.js";

const SOIR = "18:00";
const MATIN = "05:00";

export function maJournee(dossiers, contexte) {
  const aujourdHui = contexte.aujourd_hui;
  const demain = ajouterJours(aujourdHui, 1);
  const duJour = [];
  const passes = [];
  const dues = [];
  const suivis = dossiers.filter((dossier) => !estArchive(dossier));
  for (const dossier of suivis) {
    for (const rendezVous of dossier.rendez_vous) {
      const { debut, statut } = rendezVous;
      if (debut >= minuit(demain)) continue;
      if (debut >= minuit(aujourdHui)) duJour.push([rendezVous, dossier]);
      else if (statut === "propose") passes.push([rendezVous, dossier]);
    }
    for (const echeance of echeances(dossier, contexte.reference.conventions, contexte.maintenant)) {
      if (echeance.etat === "en_retard" || echeance.etat === "proche") dues.push(ligneEcheance(echeance, dossier));
    }
  }
  // La page se regarde à plusieurs : le nom d'un lieu à taire n'y est pas.
  const vue = ([rendezVous, dossier]) => {
    const ligne = ligneRendezVous(rendezVous, dossier, contexte);
    return { ...ligne, lieu: masquer(ligne.lieu, contexte.reference.masques) };
  };
  const lignes = trierPar(duJour, ([rendezVous, { personne }]) => [rendezVous.debut, cle(nomAffiche(personne))]).map(vue);
  const prochain = lignes.find((ligne) => ligne.etat === "a_venir");
  if (prochain) prochain.prochain = true;
  return {
    date: aujourdHui,
    salutation: salutation(contexte.utilisateur, heureParis(contexte.maintenant)),
    rendez_vous: lignes,
    a_preciser: trierPar(passes, ([rendezVous]) => [rendezVous.debut, rendezVous.id], -1).map(vue),
    echeances: trierPar(dues, (due) => [due.due_le, cle(due.nom)]),
    compteurs: {
      dossiers: suivis.filter((dossier) => dossier.mesures.some((mesure) => estOuverte(mesure, aujourdHui))).length,
      en_retard: dues.filter((due) => due.etat === "en_retard").length,
    },
    nouveautes: suivis.flatMap((dossier) => retours(dossier, contexte)),
    desaccords: peutRegler(contexte.utilisateur) ? desaccords(dossiers) : [],
    notes: aChoisir(contexte).length,
  };
}

function desaccords(dossiers) {
  const vues = dossiers.flatMap((dossier) => {
    const nombre = ouverts(dossier).length;
    if (!nombre) return [];
    const { personne } = dossier;
    return [{ dossier_id: personne.id, nom: nomAffiche(personne), texte: `${quantite(nombre, "désaccord")} à régler` }];
  });
  return trierPar(vues, (vue) => [cle(vue.nom), vue.dossier_id]);
}

export const ligneEcheance = (echeance, dossier) => ({
  dossier_id: dossier.personne.id,
  nom: nomAffiche(dossier.personne),
  etat_libelle: delaiEnMots(echeance),
  titre: echeance.titre,
  pourquoi: echeance.pourquoi,
  citation: echeance.citation,
  etat: echeance.etat,
  due_le: echeance.due_le,
  action: echeance.action,
});

export function delaiEnMots(echeance) {
  if (echeance.etat === "en_retard") return "en retard";
  if (echeance.etat === "prevu") return "prévu";
  return { 0: "aujourd’hui", 1: "demain" }[echeance.jours] ?? `dans ${quantite(echeance.jours, "jour")}`;
}

function salutation(utilisateur, heure) {
  const salut = heure >= SOIR || heure < MATIN ? "Bonsoir" : "Bonjour";
  return `${salut} ${utilisateur.prenom || ""}`.trim();
}

const urlDuRetour = (entretien, piece) =>
  entretien ? `/entretiens/${entretien.id}/modifier` : piece ? `/pieces/${piece.id}` : null;

function retours(dossier, contexte) {
  const personneId = dossier.personne.id;
  return dossier.controles.flatMap((controle) => {
    if (controle.etat !== "retournee") return [];
    const entretien = dossier.entretiens.find((fiche) => fiche.id === controle.fiche_id);
    if (entretien && entretien.auteur !== contexte.utilisateur.id) return [];
    const rendezVous = dossier.rendez_vous.find((fiche) => fiche.id === controle.fiche_id);
    const piece = dossier.pieces?.find((fiche) => fiche.id === controle.fiche_id);
    const jour = entretien?.date ?? (rendezVous ? jourParis(rendezVous.debut) : null);
    const du = jour ? ` du ${quantieme(jour, contexte.aujourd_hui)}` : "";
    const ancre = rendezVous ? `#fil-${rendezVous.id}` : "";
    return [
      {
        dossier_id: personneId,
        nom: nomAffiche(dossier.personne),
        quoi: piece ? titre(piece, contexte.reference.masques) : libelle("type_fiche", controle.fiche_type) + du,
        remarque: controle.remarque,
        par_nom: controle.par_nom,
        url: urlDuRetour(entretien, piece) ?? `/dossiers/${personneId}${ancre}`,
      },
    ];
  });
}
