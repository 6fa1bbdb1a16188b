// Noter un entretien : miroir de app/domain/saisie/entretien.py.
import { instantDe, joursEntre } from "../dates.js";
import { codes, estCode, familleDeNature, natures as naturesDe } from "../nomenclatures.js";
import { CONSTATS, empechement, estRetournee } from "../rendez_vous.js";
import {
  TEXTE_LONG,
  conclure,
  estPerimee,
  lireBase,
  lireDuree,
  lireHeure,
  lireIdentifiant,
  lireJour,
  lireLieu,
  lireTexte,
  liste,
  nouveauResultat,
  operation,
  presente,
  texte,
} from "./lecture.js";
import { avertirDuJour, mesureChoisie, mesureDuRendezVous } from "./rendez_vous.js";

export const A_DISTANCE = ["telephone", "visio", "courriel", "sms"];

export function lireEntretien(saisie, contexte, existant = null) {
  const resultat = nouveauResultat();
  const { dossier } = contexte;
  const personne = dossier.personne.id;
  const rendezVous = rendezVousVise(resultat, saisie, dossier, existant);
  const constat = existant ? null : constatLu(resultat, saisie, rendezVous, contexte.maintenant);
  const absence = constat !== null && constat !== "honore";
  const deja = existant ?? entretienDejaNote(dossier, rendezVous, contexte);
  const champs = absence ? lireAbsence(resultat, saisie, contexte) : lireChamps(resultat, saisie, contexte, deja);
  resultat.champs = champs;
  if (existant) {
    corriger(resultat, saisie, contexte, existant);
    return conclure(resultat);
  }
  const maintenue = rendezVous && estRetournee(dossier, rendezVous.id);
  if (rendezVous && constat !== null && (constat !== rendezVous.statut || maintenue)) {
    const id = lireIdentifiant(resultat, saisie, "op_id_constat");
    const statut = { statut: constat };
    resultat.operations.push(operation(id, "constater_rendez_vous", rendezVous.id, personne, statut, lireBase(saisie, rendezVous, "base_constat")));
  }
  // Le même formulaire renvoyé tel quel n'est pas une correction : c'est le même fait, redit.
  const redit = deja && texte(saisie, "entite").toLowerCase() === deja.id && !Object.keys(changesDe(champs, deja)).length;
  if (deja && !absence && !redit) corriger(resultat, saisie, contexte, deja);
  else if (!absence) {
    const id = lireIdentifiant(resultat, saisie, "op_id");
    const entite = lireIdentifiant(resultat, saisie, "entite");
    resultat.operations.push(operation(id, "noter_entretien", entite, personne, champs));
  }
  if (texte(saisie, "suivant") === "oui") proposerLeSuivant(resultat, saisie, contexte, champs.mesure_id);
  return conclure(resultat);
}

export const entretienDejaNote = (dossier, rendezVous, contexte) =>
  dossier.entretiens.find(
    (entretien) =>
      rendezVous && entretien.rendez_vous_id === rendezVous.id && entretien.auteur === contexte.utilisateur.id,
  ) ?? null;

// Rien à lire de l'entretien qui n'a pas eu lieu ; ce qui a été écrit ou coché n'est pourtant jamais perdu sans le dire : un texte
// arrête, des démarches préviennent.
function lireAbsence(resultat, saisie, contexte) {
  for (const champ of ["synthese", "note_personnelle"]) {
    if (texte(saisie, champ)) {
      resultat.erreurs[champ] =
        "Cette issue ne fait pas d’entretien\u202f: effacez ce texte, ou notez l’échange comme un autre contact.";
    }
  }
  if (liste(saisie, "demarches").length || liste(saisie, "natures").length) {
    resultat.avertissements.demarches =
      "Les démarches cochées ne sont pas enregistrées\u202f: cette issue ne fait pas d’entretien.";
  }
  return { mesure_id: mesureChoisie(resultat, saisie, contexte.dossier, contexte.aujourd_hui) };
}

function rendezVousVise(resultat, saisie, dossier, existant) {
  const cherche = existant?.rendez_vous_id || texte(saisie, "rendez_vous").toLowerCase();
  if (!cherche) return null;
  const trouve = dossier.rendez_vous.find((rendezVous) => rendezVous.id === cherche) ?? null;
  if (!trouve && !existant) resultat.erreurs.rendez_vous = "Ce rendez-vous n’est pas celui de cette personne.";
  return trouve;
}

function constatLu(resultat, saisie, rendezVous, maintenant) {
  if (!rendezVous) return null;
  const constat = texte(saisie, "statut") || (CONSTATS.includes(rendezVous.statut) ? rendezVous.statut : "");
  if (!constat || constat === "propose") {
    resultat.erreurs.statut = "Dites si le rendez-vous a eu lieu.";
    return null;
  }
  const refus = empechement(rendezVous, constat, maintenant);
  if (refus && !estPerimee(saisie, rendezVous, "base_constat")) resultat.erreurs.statut = refus;
  return constat;
}

function lireChamps(resultat, saisie, contexte, existant) {
  const { erreurs } = resultat;
  const aujourdHui = contexte.aujourd_hui;
  const jour = lireJour(resultat, saisie, "date", "Indiquez la date de l’entretien.");
  if (jour && jour > aujourdHui) erreurs.date = "Cette date est dans l’avenir\u202f: un entretien se note après.";
  else if (jour && joursEntre(jour, aujourdHui) > 366) {
    resultat.avertissements.date = "Date inhabituelle\u202f: cet entretien date de plus d’un an.";
  }
  const moyen = texte(saisie, "moyen") || null;
  if (moyen === null) erreurs.moyen = "Choisissez le moyen\u202f: face à face, téléphone…";
  else if (!estCode("moyen", moyen)) erreurs.moyen = "Choisissez le moyen dans la liste.";
  let lieu = lireLieu(resultat, saisie, "lieu");
  if (A_DISTANCE.includes(moyen) && !texte(saisie, "lieu_autre")) lieu = null;
  const mesureId = existant ? existant.mesure_id ?? null : mesureChoisie(resultat, saisie, contexte.dossier, aujourdHui);
  const rendezVousId = existant ? existant.rendez_vous_id ?? null : texte(saisie, "rendez_vous").toLowerCase() || null;
  return {
    mesure_id: mesureId,
    rendez_vous_id: rendezVousId,
    date: jour,
    heure: lireHeure(resultat, saisie, "heure"),
    duree: lireDuree(resultat, saisie, "duree"),
    moyen,
    lieu,
    demarches: lireDemarches(resultat, saisie, existant),
    synthese: lireTexte(resultat, saisie, "synthese", TEXTE_LONG),
    note_personnelle: lireTexte(resultat, saisie, "note_personnelle", TEXTE_LONG),
  };
}

function lireDemarches(resultat, saisie, existant) {
  const familles = liste(saisie, "demarches");
  const natures = liste(saisie, "natures");
  const ecrites = (existant?.demarches ?? []).filter((d) => d.nature && familles.includes(d.famille));
  const inconnues = ecrites.filter((d) => !familleDeNature(d.nature));
  if (!presente(saisie, "natures")) natures.push(...ecrites.map((d) => d.nature).filter(familleDeNature));
  if (!familles.every((famille) => estCode("demarche", famille)) || !natures.every(familleDeNature)) {
    resultat.erreurs.demarches = "Choisissez les démarches dans la liste.";
    return [];
  }
  return codes("demarche").flatMap((famille) => {
    if (!familles.includes(famille)) return [];
    const precisees = [
      ...naturesDe(famille).filter((nature) => natures.includes(nature)),
      ...inconnues.filter((d) => d.famille === famille).map((d) => d.nature),
    ];
    return (precisees.length ? precisees : [null]).map((nature) => ({ famille, nature }));
  });
}

const changesDe = (champs, existant) =>
  Object.fromEntries(
    Object.entries(champs).filter(
      ([champ, valeur]) =>
        champ !== "mesure_id" &&
        champ !== "rendez_vous_id" &&
        JSON.stringify(valeur) !== JSON.stringify(ordonnee(champ, existant[champ])),
    ),
  );

function corriger(resultat, saisie, contexte, existant) {
  const lu = lireIdentifiant(resultat, saisie, "op_id");
  const repris = texte(saisie, "entite").toLowerCase() === existant.id;
  const id = repris ? contexte.nouvel_identifiant() : lu;
  const personne = contexte.dossier.personne.id;
  const changes = changesDe(resultat.champs, existant);
  if (Object.keys(changes).length) {
    resultat.operations.push(
      operation(id, "modifier_entretien", existant.id, personne, changes, lireBase(saisie, existant)),
    );
  }
}

// Les clés d'une démarche dans l'ordre où on les lit, pour les comparer.
function ordonnee(champ, valeur) {
  if (champ !== "demarches") return valeur ?? null;
  return (valeur ?? []).map(({ famille, nature }) => ({ famille, nature: nature ?? null }));
}

function proposerLeSuivant(resultat, saisie, contexte, mesureId) {
  const jour = lireJour(resultat, saisie, "suivant_date", "Indiquez la date du prochain rendez-vous.");
  const heure = lireHeure(resultat, saisie, "suivant_heure", "Indiquez l’heure du prochain rendez-vous.");
  if (jour && jour < contexte.aujourd_hui) {
    resultat.erreurs.suivant_date = "Le prochain rendez-vous ne peut pas être dans le passé.";
  } else avertirDuJour(resultat, "suivant_date", jour, contexte.aujourd_hui);
  const champs = {
    mesure_id: mesureDuRendezVous(resultat, contexte.dossier, contexte.aujourd_hui, mesureId),
    debut: jour && heure ? instantDe(jour, heure) : null,
    duree: lireDuree(resultat, saisie, "suivant_duree"),
    lieu: lireLieu(resultat, saisie, "suivant_lieu"),
  };
  const id = lireIdentifiant(resultat, saisie, "op_id_suivant");
  const entite = lireIdentifiant(resultat, saisie, "entite_suivant");
  resultat.operations.push(operation(id, "proposer_rendez_vous", entite, contexte.dossier.personne.id, champs));
}
