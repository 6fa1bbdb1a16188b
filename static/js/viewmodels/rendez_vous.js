// Proposer un rendez-vous, ou le déplacer : miroir de app/viewmodels/rendez_vous.py.
import { ajouterJours, heureParis, jourParis } from "../domain/dates.js";
import { echeances, prochainALaCadence, rappeler, seRegleParUnRendezVous } from "../domain/echeance/index.js";
import { heure as enHeure, jourCourt } from "../domain/francais.js";
import { ouvreAuPlusTard, ouvreAuPlusTot } from "../domain/jours_ouvres.js";
import { conventionAu, estOuverte, mesurePrincipale } from "../domain/mesure.js";
import { lireRendezVous } from "../domain/saisie/rendez_vous.js";
import { enTete, libelleConvention, trierPar } from "./contexte.js";
import { DUREE_HABITUELLE, HEURE_HABITUELLE, delaiAttendu, libelleCadence } from "./entretien.js";
import { cacher, choixDurees, choixLieux, cleBrouillon, premiere, resume, versionMontree } from "./formulaires.js";

const ORDRE = ["mesure_id", "date", "heure", "duree", "lieu", "lieu_autre", "duree_autre"];

export function rendezVous(dossier, contexte, existant = null, saisie = null, erreurs = {}) {
  const f = saisie
    ? Object.fromEntries(ORDRE.map((champ) => [champ, premiere(saisie, champ)]))
    : valeursConnues(dossier, contexte, existant);
  const ouvertes = dossier.mesures.filter((mesure) => estOuverte(mesure, contexte.aujourd_hui));
  const attendu = libelleAttendu(dossier, contexte);
  const remplace = premiere(saisie, "remplace");
  return {
    f,
    erreurs,
    resume_erreurs: resume(erreurs, ORDRE),
    avertissements: saisie ? lireRendezVous(saisie, { ...contexte, dossier }, existant).avertissements : {},
    dossier: enTete(dossier),
    choix: {
      durees: choixDurees(f.duree),
      lieux: choixLieux(contexte, f.lieu),
      creneaux: creneaux(contexte),
      mesures: (ouvertes.length > 1 && !existant ? ouvertes : []).map((mesure) => ({
        code: mesure.id,
        libelle: libelleConvention(mesure.convention, contexte),
        choisi: mesure.id === f.mesure_id,
      })),
    },
    suivant: attendu && !existant ? { libelle: attendu } : null,
    action: existant ? `/rendez-vous/${existant.id}/deplacer` : "/rendez-vous/nouveau",
    titre_page: existant ? "Déplacer le rendez-vous" : "Proposer un rendez-vous",
    brouillon: cleBrouillon("rendez_vous", existant ? existant.id : dossier.personne.id, saisie),
    caches: existant
      ? cacher(["op_id"], saisie, contexte, { remplace, base: versionMontree(existant, saisie) })
      : cacher(["op_id", "entite"], saisie, contexte, { dossier: dossier.personne.id, remplace }),
  };
}

function creneaux({ aujourd_hui: aujourdHui, reference, creneaux: libres = [] }) {
  const noms = new Map(reference.lieux?.map(({ id, nom }) => [id, nom]));
  return libres
    .filter(({ lieu }) => noms.has(lieu))
    .map(({ jour, heure, duree, lieu }) => ({
      libelle: `${jourCourt(jour, aujourdHui)} à ${enHeure(heure)}`,
      date: jour,
      heure,
      duree: String(duree),
      lieu: noms.get(lieu),
    }));
}

function valeursConnues(dossier, contexte, existant) {
  const vides = Object.fromEntries(ORDRE.map((champ) => [champ, ""]));
  if (existant) {
    return {
      ...vides,
      date: jourParis(existant.debut),
      heure: heureParis(existant.debut),
      duree: String(existant.duree || ""),
      lieu: existant.lieu || "",
    };
  }
  const principale = mesurePrincipale(dossier.mesures, contexte.aujourd_hui);
  const [dernier = null] = trierPar(dossier.rendez_vous, (r) => [r.debut, r.id], -1);
  return {
    ...vides,
    mesure_id: principale?.id ?? "",
    date: dateProposee(dossier, contexte, principale),
    heure: dernier ? heureParis(dernier.debut) : HEURE_HABITUELLE,
    duree: String(dernier?.duree || DUREE_HABITUELLE),
    lieu: dernier?.lieu || "",
  };
}

// Ce qui est attendu au titre de la mesure que le formulaire propose, à défaut d'une autre.
function echeanceDe(dossier, contexte) {
  const toutes = echeances(dossier, contexte.reference.conventions, contexte.maintenant);
  const attendues = toutes.filter(seRegleParUnRendezVous);
  const principale = mesurePrincipale(dossier.mesures, contexte.aujourd_hui);
  return attendues.find((echeance) => echeance.mesure_id === principale?.id) ?? attendues[0] ?? null;
}

function libelleAttendu(dossier, contexte) {
  const aujourdHui = contexte.aujourd_hui;
  const echeance = echeanceDe(dossier, contexte);
  if (!echeance) return libelleCadence(mesurePrincipale(dossier.mesures, aujourdHui), contexte);
  const code = libelleConvention(echeance.convention, contexte);
  const delai = delaiAttendu(echeance.due_le, aujourdHui);
  const convention = conventionAu(contexte.reference.conventions, echeance.convention, aujourdHui);
  return `${rappeler(echeance, convention)} (${code})\u202f: ${delai}.`;
}

// Au plus tard à l'échéance ouverte, sinon à la cadence depuis le dernier entretien ; jamais dans le passé.
function dateProposee(dossier, contexte, mesure) {
  const echeance = echeanceDe(dossier, contexte);
  if (echeance) {
    const voulue = ouvreAuPlusTard(echeance.due_le);
    return voulue >= contexte.aujourd_hui ? voulue : ouvreAuPlusTot(ajouterJours(contexte.aujourd_hui, 1));
  }
  const derniere = dossier.entretiens.reduce(
    (jour, entretien) => (jour === null || entretien.date > jour ? entretien.date : jour),
    null,
  );
  const proposee = prochainALaCadence(mesure, contexte.reference.conventions, derniere ?? contexte.aujourd_hui);
  const lendemain = ouvreAuPlusTot(ajouterJours(contexte.aujourd_hui, 1));
  if (!proposee) return "";
  return proposee > lendemain ? proposee : lendemain;
}
