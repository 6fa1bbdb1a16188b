// Dossiers : miroir de app/viewmodels/dossiers.py.
import { estArchive } from "../domain/acces.js";
import { heureParis, jourParis, minuit } from "../domain/dates.js";
import { REGISTRE, echeances } from "../domain/echeance/index.js";
import { heure as heureEnMots, jourCourt } from "../domain/francais.js";
import { masquer } from "../domain/masque.js";
import { estOuverte, mesurePrincipale } from "../domain/mesure.js";
import { cleDeTri, nomAffiche, textesDeRecherche, valeur } from "../domain/personne.js";
import { classer, cle } from "../domain/recherche.js";
import { envoiDuDossier, libelleConvention, trierPar } from "./contexte.js";

export function dossiers(tous, contexte, filtres = {}) {
  const voulus = { q: "", conventions: [], retard: false, ...filtres };
  const tries = trierPar(tous, (dossier) => [cle(cleDeTri(dossier.personne))]);
  const montres = voulus.q.trim() ? tries : tries.filter((dossier) => !estArchive(dossier));
  const gardes = montres.filter((dossier) => estGarde(dossier, voulus, contexte));
  const textes = gardes.map((dossier) => textesDeRecherche(dossier.personne, contexte.aujourd_hui));
  const lignes = classer(voulus.q, textes).map((numero) => ligneDossier(gardes[numero], contexte));
  const codes = [...new Set(tous.flatMap((dossier) => dossier.mesures.map((mesure) => mesure.convention)))].sort();
  return {
    q: voulus.q,
    filtres: {
      conventions: codes.map((code) => ({
        code,
        libelle: libelleConvention(code, contexte),
        choisi: voulus.conventions.includes(code),
      })),
      retard: voulus.retard,
    },
    total: tous.filter((dossier) => !estArchive(dossier)).length,
    lignes: voulus.retard ? lignes.filter((ligne) => ligne.retard) : lignes,
  };
}

const NOTER = "/entretiens/nouveau";

export function choisirDossier(tous, contexte, vers = NOTER) {
  if (vers !== NOTER) return { q: "", lignes: dossiers(tous, contexte).lignes, suggestions: [], vers };
  const suivis = tous.filter((dossier) => !estArchive(dossier));
  const attendues = suivis.flatMap((dossier) =>
    dossier.rendez_vous
      .filter((fiche) => fiche.statut === "propose" && jourParis(fiche.debut) === contexte.aujourd_hui)
      .map((fiche) => [fiche, dossier]),
  );
  const suggestions = trierPar(attendues, ([fiche]) => [fiche.debut, fiche.id]).map(([fiche, dossier]) => ({
    ...ligneDossier(dossier, contexte),
    raison: attendueA(fiche, contexte),
    url: `${NOTER}?dossier=${dossier.personne.id}&rendez_vous=${fiche.id}`,
  }));
  return { q: "", lignes: dossiers(tous, contexte).lignes, suggestions, vers };
}

function attendueA(rendezVous, contexte) {
  const heure = heureEnMots(heureParis(rendezVous.debut));
  const ou = masquer(rendezVous.lieu, contexte.reference.masques);
  const lieu = ou ? `, ${ou}` : "";
  return rendezVous.debut < contexte.maintenant ? `rendez-vous de ${heure} à préciser${lieu}` : `rendez-vous à ${heure}${lieu}`;
}

export const ligneDossier = (dossier, contexte) => ({
  id: dossier.personne.id,
  nom: nomAffiche(dossier.personne),
  precision: precision(dossier.personne, contexte),
  convention: convention(dossier, contexte),
  prochain: prochain(dossier, contexte),
  retard: estArchive(dossier) ? null : retard(dossier, contexte),
  archive: estArchive(dossier),
  envoi: envoiDuDossier(dossier),
});

const estGarde = (dossier, voulus, contexte) =>
  voulus.conventions.length === 0 ||
  dossier.mesures.some(
    (mesure) => voulus.conventions.includes(mesure.convention) && estOuverte(mesure, contexte.aujourd_hui),
  );

function precision(personne, contexte) {
  const commune = valeur(personne, "commune", contexte.aujourd_hui);
  const nom = nomAffiche(personne);
  const termes = (personne.pseudonymes ?? []).map((pseudonyme) => `«\u202f${pseudonyme}\u202f»`).filter((terme) => terme !== nom);
  if (commune) termes.push(commune.nom);
  return termes.join(", ") || null;
}

function convention(dossier, contexte) {
  const principale = mesurePrincipale(dossier.mesures, contexte.aujourd_hui);
  if (!principale) return null;
  const libelle = libelleConvention(principale.convention, contexte);
  return estOuverte(principale, contexte.aujourd_hui) ? libelle : `${libelle}, sortie`;
}

// Ce qui reste à préciser du jour, ce qui vient, ou la dernière fois qu'on s'est vu.
function prochain(dossier, contexte) {
  const matin = minuit(contexte.aujourd_hui);
  let debut = null;
  let passe = null;
  for (const fiche of dossier.rendez_vous) {
    if (fiche.statut !== "propose" || fiche.debut < matin) continue;
    if (fiche.debut < contexte.maintenant) passe = passe === null || fiche.debut > passe ? fiche.debut : passe;
    else if (debut === null || fiche.debut < debut) ({ debut } = fiche);
  }
  if (passe !== null) return `rendez-vous de ${heureEnMots(heureParis(passe))} à préciser`;
  if (debut !== null) {
    const jour = jourParis(debut);
    const moment = jour === contexte.aujourd_hui ? "aujourd’hui" : jourCourt(jour, contexte.aujourd_hui);
    return `rendez-vous ${moment} à ${heureEnMots(heureParis(debut))}`;
  }
  let dernier = null;
  for (const { date } of dossier.entretiens) if (dernier === null || date > dernier) dernier = date;
  if (dernier === null) return "aucun rendez-vous";
  return `dernier contact ${dernier === contexte.aujourd_hui ? "aujourd’hui" : jourCourt(dernier, contexte.aujourd_hui)}`;
}

function retard(dossier, contexte) {
  const due = echeances(dossier, contexte.reference.conventions, contexte.maintenant).find((e) => e.etat === "en_retard");
  if (due) return REGISTRE[due.genre].retard;
  const aPreciser = dossier.rendez_vous.some(
    (fiche) => fiche.statut === "propose" && fiche.debut < minuit(contexte.aujourd_hui),
  );
  return aPreciser ? "issue à préciser" : null;
}
