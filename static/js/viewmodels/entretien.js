// Noter un contact, ou corriger une fiche : miroir de app/viewmodels/entretien.py.
import { ajouterJours, heureParis, jourParis, lireHeure, lireJour } from "../domain/dates.js";
import { cadenceEnMots, periodeApres, prochainALaCadence } from "../domain/echeance/index.js";
import { heure as heureEnMots, jourCourt, jourProche, majuscule, quantieme } from "../domain/francais.js";
import { ouvreAuPlusTot } from "../domain/jours_ouvres.js";
import { conventionAu, estOuverte, mesurePrincipale } from "../domain/mesure.js";
import { choix, choixNatures, codes, donnees, libelle } from "../domain/nomenclatures.js";
import { CONSTATS, empechement } from "../domain/rendez_vous.js";
import { entretienDejaNote, lireEntretien } from "../domain/saisie/entretien.js";
import { ligneRendezVous } from "./agenda.js";
import { enTete, libelleConvention, sexe } from "./contexte.js";
import { cacher, cases, choixDurees, choixLieux, cleBrouillon, premiere, resume, versionMontree } from "./formulaires.js";
import { tardive } from "./tardive.js";

const ORDRE = [
  "statut", "moyen", "demarches", "synthese", "duree", "lieu", "suivant", "suivant_date", "suivant_heure",
  "suivant_duree", "suivant_lieu", "date", "heure", "duree_autre", "lieu_autre", "note_personnelle",
];
// Une durée se trompe de la même façon ici et au prochain rendez-vous : le résumé des erreurs les nomme.
const LIBELLES = { duree_autre: "Autre durée", suivant_duree: "Prochain rendez-vous" };
const TEXTES = ORDRE.filter((champ) => champ !== "demarches");
export const DUREE_HABITUELLE = "45";
export const HEURE_HABITUELLE = "09:00";

export function entretien(dossier, contexte, rendezVousId = null, corrige = null, saisie = null, erreurs = null, lieuId = null) {
  const rendezVous = dossier.rendez_vous.find((r) => r.id === rendezVousId) ?? null;
  const existant = corrige ?? (saisie === null ? entretienDejaNote(dossier, rendezVous, contexte) : null);
  const f = saisie === null ? valeursConnues(dossier, contexte, rendezVous, existant, lieuId) : retapees(saisie);
  return {
    f,
    heure_proposee: saisie === null && existant === null,
    erreurs: erreurs ?? {},
    resume_erreurs: resume(erreurs ?? {}, ORDRE, LIBELLES),
    avertissements: avertissementsDe(dossier, contexte, existant, saisie, f),
    dossier: enTete(dossier),
    rendez_vous: rendezVous && ligneRendezVous(rendezVous, dossier, contexte),
    controle: vueControle(dossier, existant),
    tardive: existant ? tardive(existant) : null,
    choix: choixDe(dossier, contexte, rendezVous, existant, f),
    suivant: existant ? null : vueSuivant(dossier, contexte, rendezVous, f),
    action: existant ? `/entretiens/${existant.id}/modifier` : "/entretiens/nouveau",
    titre_page: existant ? "Corriger la fiche" : "Noter un contact",
    brouillon: cleBrouillon("entretien", existant ? existant.id : rendezVousId || dossier.personne.id, saisie),
    caches: caches(dossier, contexte, rendezVous, existant, saisie),
  };
}

function valeursConnues(dossier, contexte, rendezVous, existant, lieuId) {
  const vides = { ...Object.fromEntries(TEXTES.map((champ) => [champ, ""])), demarches: [], natures: [] };
  if (existant) {
    const lus = ["date", "heure", "moyen", "lieu", "synthese", "note_personnelle"];
    return {
      ...vides,
      ...Object.fromEntries(lus.map((champ) => [champ, existant[champ] || ""])),
      duree: String(existant.duree || ""),
      demarches: [...new Set(existant.demarches.map((demarche) => demarche.famille))],
      natures: existant.demarches.map((demarche) => demarche.nature).filter(Boolean),
    };
  }
  const aujourdHui = contexte.aujourd_hui;
  const valeurs = { ...vides, date: aujourdHui };
  if (rendezVous === null) {
    const ou = contexte.reference.lieux?.find(({ id }) => id === lieuId)?.nom;
    Object.assign(valeurs, { heure: heureParis(contexte.maintenant), ...(ou && { lieu: ou, moyen: "presentiel" }) });
  } else {
    const jour = jourParis(rendezVous.debut);
    let issue = rendezVous.statut;
    if (issue === "propose") issue = empechement(rendezVous, "honore", contexte.maintenant) === null ? "honore" : "";
    Object.assign(valeurs, {
      statut: issue,
      moyen: "presentiel",
      date: jour < aujourdHui ? jour : aujourdHui,
      heure: jour <= aujourdHui ? heureParis(rendezVous.debut) : "",
      duree: String(rendezVous.duree || DUREE_HABITUELLE),
      lieu: rendezVous.lieu || "",
    });
  }
  return { ...valeurs, ...prochain(dossier, contexte, rendezVous, valeurs.date) };
}

// Ce que l'on propose pour la suite : à la cadence, à la même heure, au même endroit. Rien n'est coché d'avance.
function prochain(dossier, contexte, rendezVous, jour) {
  const mesure = mesureVisee(dossier, contexte, rendezVous);
  let date = prochainALaCadence(mesure, contexte.reference.conventions, jour) ?? "";
  if (date && date <= contexte.aujourd_hui) date = ouvreAuPlusTot(ajouterJours(contexte.aujourd_hui, 1));
  const heure = rendezVous ? heureParis(rendezVous.debut) : HEURE_HABITUELLE;
  return {
    suivant_date: date,
    suivant_heure: date ? heure : "",
    suivant_duree: String(rendezVous?.duree || DUREE_HABITUELLE),
    suivant_lieu: rendezVous?.lieu || "",
  };
}

function mesureVisee(dossier, contexte, rendezVous) {
  if (rendezVous) return dossier.mesures.find((mesure) => mesure.id === rendezVous.mesure_id) ?? null;
  return mesurePrincipale(dossier.mesures, contexte.aujourd_hui);
}

const retapees = (saisie) => ({
  ...Object.fromEntries(TEXTES.map((champ) => [champ, premiere(saisie, champ)])),
  demarches: cases(saisie, "demarches"),
  natures: cases(saisie, "natures"),
});

function choixDe(dossier, contexte, rendezVous, existant, f) {
  const nouveau = rendezVous && !existant;
  const possibles = nouveau ? CONSTATS.filter((s) => empechement(rendezVous, s, contexte.maintenant) === null) : [];
  const ouvertes = dossier.mesures.filter((mesure) => estOuverte(mesure, contexte.aujourd_hui));
  return {
    statuts: nouveau ? choix("constat", f.statut, sexe(dossier.personne, contexte), possibles) : [],
    moyens: choix("moyen", f.moyen),
    lieux: choixLieux(contexte, f.lieu, [rendezVous?.lieu]),
    durees: choixDurees(f.duree),
    demarches: codes("groupe_demarches").map((groupe) => ({
      groupe: libelle("groupe_demarches", groupe),
      familles: choix("demarche", f.demarches, null, donnees().familles[groupe]).map((famille) => ({
        ...famille,
        natures: choixNatures(famille.code, f.natures),
      })),
    })),
    mesures: (ouvertes.length > 1 && !rendezVous && !existant ? ouvertes : []).map((mesure) => ({
      code: mesure.id,
      libelle: libelleConvention(mesure.convention, contexte),
      choisi: false,
    })),
  };
}

function vueSuivant(dossier, contexte, rendezVous, f) {
  const dejaPropose = dossier.rendez_vous.some(
    (autre) => autre.statut === "propose" && autre.debut > contexte.maintenant && autre.id !== rendezVous?.id,
  );
  if (dejaPropose) return null;
  const [dernier = null] = [lireJour(f.date), ...dossier.entretiens.map(({ date }) => date)].filter(Boolean).sort().reverse();
  const jour = lireJour(f.suivant_date);
  const heure = lireHeure(f.suivant_heure);
  return {
    libelle: libelleCadence(mesureVisee(dossier, contexte, rendezVous), contexte, dernier),
    resume: jour && heure ? `${jourCourt(jour, contexte.aujourd_hui)} à ${heureEnMots(heure)}` : null,
  };
}

export function libelleCadence(mesure, contexte, depuis = null) {
  const aujourdHui = contexte.aujourd_hui;
  const regle = mesure ? conventionAu(contexte.reference.conventions, mesure.convention, aujourdHui)?.cadence : null;
  if (!regle) return null;
  const delai = delaiAttendu(periodeApres(depuis || aujourdHui, regle), aujourdHui);
  return `${majuscule(cadenceEnMots(regle))} au moins (${libelleConvention(mesure.convention, contexte)})\u202f: ${delai}.`;
}

export function delaiAttendu(dueLe, aujourdHui) {
  if (dueLe < aujourdHui) return `en retard depuis le ${quantieme(dueLe, aujourdHui)}`;
  return dueLe === aujourdHui ? "aujourd’hui" : `d’ici ${jourProche(dueLe, aujourdHui)}`;
}

// Les mêmes que ceux de l'enregistrement ; un formulaire vierge n'a rien à se faire dire.
const avertissementsDe = (dossier, contexte, existant, saisie, f) =>
  saisie === null && existant === null ? {} : lireEntretien(saisie ?? f, { ...contexte, dossier }, existant).avertissements;

function vueControle(dossier, existant) {
  const controle = existant && dossier.controles.find((autre) => autre.fiche_id === existant.id);
  return controle ? { etat: controle.etat, remarque: controle.remarque, par_nom: controle.par_nom } : null;
}

function caches(dossier, contexte, rendezVous, existant, saisie) {
  const remplace = premiere(saisie, "remplace");
  // Des natures toutes décochées n'envoient rien : ce champ dit que la liste était là.
  if (existant) {
    const base = versionMontree(existant, saisie);
    return [...cacher(["op_id"], saisie, contexte, { remplace, base }), { nom: "natures", valeur: "" }];
  }
  const noms = ["op_id", "entite", "op_id_suivant", "entite_suivant"];
  return cacher(rendezVous ? [...noms, "op_id_constat"] : noms, saisie, contexte, {
    dossier: dossier.personne.id,
    rendez_vous: rendezVous?.id,
    mesure_id: rendezVous?.mesure_id,
    remplace,
    base_constat: rendezVous ? versionMontree(rendezVous, saisie, "base_constat") : "",
  });
}
