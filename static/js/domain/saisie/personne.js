// Une nouvelle personne et sa mesure, ou ce qui a changé : miroir de app/domain/saisie/personne.py.
import { catalogue, estLisible } from "../champs_personne.js";
import { lireJour as jourLu } from "../dates.js";
import { codes, estCode } from "../nomenclatures.js";
import { age, valeur } from "../personne.js";
import { cle } from "../recherche.js";
import { ressemblances } from "../ressemblance.js";
import {
  conclure,
  estCodeCommune,
  estCourriel,
  lireIdentifiant,
  lireJour,
  lireTexte,
  liste,
  nouveauResultat,
  numeroDeTelephone,
  operation,
  presente,
  texte,
} from "./lecture.js";

const NUMEROS_MAX = 5;
const NAISSANCE = ["date_naissance", "naissance_precision"];
const LIMITES = { courriel: 200, adresse: 300, experiences: 2_000 };
const NUMERO_INCOMPLET = "Ce numéro de téléphone n’est pas complet : il a dix chiffres.";

export function lirePersonne(saisie, contexte, existante = null) {
  const resultat = nouveauResultat();
  const aujourdHui = contexte.aujourd_hui;
  const champs = {};
  for (const champ of catalogue().values()) {
    if (NAISSANCE.includes(champ.nom) || !presente(saisie, champ.nom)) continue;
    if (champ.telephone === "oui" && estLisible(champ, contexte.utilisateur.role)) {
      champs[champ.nom] = LECTURES[champ.genre](resultat, saisie, champ);
    }
  }
  if (presente(saisie, "telephone")) champs.telephones = premierNumero(resultat, saisie, existante, aujourdHui);
  if (presente(saisie, "date_naissance") || presente(saisie, "annee_naissance")) {
    Object.assign(champs, lireNaissance(resultat, saisie, aujourdHui));
  }
  const dateEffet = lireJour(resultat, saisie, "date_effet") ?? aujourdHui;
  if (dateEffet > aujourdHui) resultat.erreurs.date_effet = "Cette date est dans l’avenir.";
  verifierNom(resultat, champs, existante);
  resultat.champs = { ...champs, date_effet: dateEffet };
  if (existante) modifier(resultat, saisie, existante, champs, dateEffet);
  else creer(resultat, saisie, contexte, champs, dateEffet);
  return conclure(resultat);
}

function creer(resultat, saisie, contexte, champs, dateEffet) {
  const entite = lireIdentifiant(resultat, saisie, "entite") ?? "";
  const renseignes = Object.fromEntries(
    Object.entries(champs).filter(([, donnee]) => donnee !== null && !(Array.isArray(donnee) && donnee.length === 0)),
  );
  const envoi = { nom: "", prenom: "", ...renseignes, date_effet: dateEffet };
  resultat.operations.push(
    operation(lireIdentifiant(resultat, saisie, "op_id"), "creer_personne", entite, entite, envoi),
  );
  const mesure = lireMesure(resultat, saisie, contexte);
  resultat.champs.mesure = mesure;
  if (mesure) {
    const id = lireIdentifiant(resultat, saisie, "op_id_mesure");
    const entiteMesure = lireIdentifiant(resultat, saisie, "entite_mesure");
    resultat.operations.push(operation(id, "ouvrir_mesure", entiteMesure, entite, mesure));
  }
  resultat.ressemblances = ressemblances(champs, contexte.personnes ?? [], contexte.aujourd_hui);
  resultat.a_confirmer = resultat.ressemblances.length > 0 && texte(saisie, "confirme") !== "oui";
}

function modifier(resultat, saisie, existante, champs, dateEffet) {
  const id = lireIdentifiant(resultat, saisie, "op_id");
  if (Object.hasOwn(champs, "commune")) {
    champs.commune = communeConnue(champs.commune, valeur(existante, "commune", dateEffet));
  }
  const changes = Object.fromEntries(
    Object.entries(champs).filter(([nom, donnee]) => !egal(donnee, valeur(existante, nom, dateEffet))),
  );
  if (Object.keys(changes).length) {
    changes.date_effet = dateEffet;
    resultat.operations.push(
      operation(id, "modifier_personne", existante.id, existante.id, changes, existante.version),
    );
  }
}

// Le même nom retapé, ou laissé là, garde le code que l'on connaissait.
const communeConnue = (saisie, connue) =>
  saisie && connue && saisie.code === null && cle(saisie.nom) === cle(connue.nom) ? connue : saisie;

const estVide = (donnee) =>
  donnee === null || donnee === undefined || donnee === "" || (Array.isArray(donnee) && donnee.length === 0);

function egal(donnee, connue) {
  if (estVide(donnee) || estVide(connue)) return estVide(donnee) && estVide(connue);
  if (Array.isArray(donnee)) return donnee.length === connue.length && donnee.every((un, rang) => egal(un, connue[rang]));
  if (typeof donnee === "object") {
    const noms = new Set([...Object.keys(donnee), ...Object.keys(connue)]);
    return [...noms].every((nom) => egal(donnee[nom] ?? null, connue[nom] ?? null));
  }
  return donnee === connue;
}

function verifierNom(resultat, champs, existante) {
  const actuel = (nom) => (Object.hasOwn(champs, nom) ? champs[nom] : existante?.[nom]);
  if (actuel("pseudonymes")?.length) return;
  if (!actuel("nom")) resultat.erreurs.nom = "Indiquez le nom, ou à défaut un pseudonyme.";
  if (!actuel("prenom")) resultat.erreurs.prenom = "Indiquez le prénom, ou à défaut un pseudonyme.";
}

function lireNaissance(resultat, saisie, aujourdHui) {
  let jour = lireJour(resultat, saisie, "date_naissance");
  let precision = "jour";
  const annee = texte(saisie, "annee_naissance");
  if (jour === null && annee) {
    if (!/^(19|20)[0-9]{2}$/.test(annee)) {
      resultat.erreurs.annee_naissance = "Indiquez l’année sur quatre chiffres, par exemple 1984.";
      return { date_naissance: null, naissance_precision: null };
    }
    jour = `${annee}-01-01`;
    precision = texte(saisie, "naissance_estimee") === "oui" ? "estimee" : "annee";
  }
  if (jour === null) return { date_naissance: null, naissance_precision: null };
  const champ = precision === "jour" ? "date_naissance" : "annee_naissance";
  if (jour > aujourdHui) resultat.erreurs[champ] = "Cette date de naissance est dans l’avenir.";
  else {
    const ans = age(jour, aujourdHui) ?? 0;
    if (ans < 16) resultat.avertissements[champ] = "Cette personne a moins de 16 ans : vérifiez la date.";
    else if (ans > 100) resultat.avertissements[champ] = "Cette personne a plus de 100 ans : vérifiez la date.";
  }
  return { date_naissance: jour, naissance_precision: precision };
}

function lireMesure(resultat, saisie, contexte) {
  const connues = contexte.reference.conventions.map((convention) => convention.code);
  if (connues.length === 0) return null;
  const convention = texte(saisie, "convention");
  if (!connues.includes(convention)) resultat.erreurs.convention = "Choisissez la convention.";
  const jours = {};
  for (const champ of ["orientee_le", "premier_contact_le", "entree_le"]) {
    jours[champ] = lireJour(resultat, saisie, champ);
    if (jours[champ] && jours[champ] > contexte.aujourd_hui) resultat.erreurs[champ] = "Cette date est dans l’avenir.";
  }
  if (jours.orientee_le === null) {
    resultat.avertissements.orientee_le = "Sans date d’orientation, l’échéance du premier contact n’est pas suivie.";
  }
  for (const [champ, phrase] of [
    ["premier_contact_le", "Le premier contact vient avant l’orientation."],
    ["entree_le", "L’entrée vient avant l’orientation."],
  ]) {
    if (jours.orientee_le && jours[champ] && jours[champ] < jours.orientee_le) resultat.erreurs[champ] = phrase;
  }
  const modalite = texte(saisie, "modalite") || null;
  if (modalite !== null && !estCode("modalite", modalite)) {
    resultat.erreurs.modalite = "Choisissez la modalité dans la liste.";
  }
  return {
    convention,
    orientee_le: jours.orientee_le,
    prescripteur: lireTexte(resultat, saisie, "prescripteur"),
    premier_contact_le: jours.premier_contact_le,
    entree_le: jours.entree_le,
    modalite,
  };
}

function lireUnTexte(resultat, saisie, champ) {
  const lu = lireTexte(resultat, saisie, champ.nom, LIMITES[champ.nom] ?? 120);
  if (champ.nom === "courriel" && lu && !estCourriel(lu)) {
    resultat.erreurs.courriel = "Cette adresse de courriel n’est pas complète.";
  }
  return champ.nom === "nom" || champ.nom === "prenom" ? lu ?? "" : lu;
}

function lireDesTextes(resultat, saisie, champ) {
  const brut = lireTexte(resultat, saisie, champ.nom) ?? "";
  return brut.split(/[,;\n]/).map((morceau) => morceau.trim()).filter(Boolean);
}

function lireCode(resultat, saisie, champ) {
  const lu = texte(saisie, champ.nom) || null;
  if (lu !== null && !estCode(champ.liste, lu)) resultat.erreurs[champ.nom] = "Choisissez une réponse de la liste.";
  return lu;
}

function lireCodes(resultat, saisie, champ) {
  const lus = liste(saisie, champ.nom);
  if (!lus.every((lu) => estCode(champ.liste, lu))) resultat.erreurs[champ.nom] = "Choisissez des réponses de la liste.";
  return codes(champ.liste).filter((code) => lus.includes(code));
}

function lireBooleen(resultat, saisie, champ) {
  const lu = texte(saisie, champ.nom);
  if (!["", "oui", "non"].includes(lu)) resultat.erreurs[champ.nom] = "Répondez par oui ou par non.";
  return lu === "oui" || lu === "non" ? lu === "oui" : null;
}

function lireEntier(resultat, saisie, champ) {
  const lu = texte(saisie, champ.nom);
  if (!lu) return null;
  if (/^[0-9]{1,2}$/.test(lu)) return +lu;
  resultat.erreurs[champ.nom] = "Indiquez un nombre, par exemple 2.";
  return null;
}

const lireUnJour = (resultat, saisie, champ) => lireJour(resultat, saisie, champ.nom);

function lireMois(resultat, saisie, champ) {
  const lu = texte(saisie, champ.nom);
  if (!lu) return null;
  const aLaFrancaise = /^([0-9]{1,2})[/. -]([0-9]{4})$/.exec(lu);
  const mois = aLaFrancaise ? `${aLaFrancaise[2]}-${aLaFrancaise[1].padStart(2, "0")}` : lu;
  if (jourLu(`${mois}-01`) !== null) return mois;
  resultat.erreurs[champ.nom] = "Indiquez le mois et l’année, par exemple 11/2026.";
  return null;
}

const enListe = (brut) => (typeof brut === "string" ? [brut] : brut ?? []);

function lireTelephones(resultat, saisie, champ) {
  const libelles = enListe(saisie[`${champ.nom}_libelle`]);
  const telephones = [];
  enListe(saisie[champ.nom]).slice(0, NUMEROS_MAX).forEach((saisi, rang) => {
    if (!texte({ numero: saisi }, "numero")) return;
    const numero = numeroDeTelephone(saisi);
    if (numero === null) {
      resultat.erreurs[champ.nom] = NUMERO_INCOMPLET;
      return;
    }
    const nom = rang < libelles.length ? [...texte({ libelle: libelles[rang] }, "libelle")].slice(0, 40).join("") : "";
    telephones.push({ numero, libelle: nom || null });
  });
  return telephones;
}

function premierNumero(resultat, saisie, existante, aujourdHui) {
  const connus = existante ? valeur(existante, "telephones", aujourdHui) ?? [] : [];
  const saisi = texte(saisie, "telephone");
  if (!saisi) return connus.slice(1);
  const numero = numeroDeTelephone(saisi);
  if (numero === null) {
    resultat.erreurs.telephone = NUMERO_INCOMPLET;
    return connus;
  }
  return connus[0]?.numero === numero ? connus : [{ numero, libelle: null }, ...connus.slice(1)];
}

function lireCommune(resultat, saisie, champ) {
  const nom = lireTexte(resultat, saisie, champ.nom);
  const code = texte(saisie, `${champ.nom}_code`).toUpperCase() || null;
  if (code !== null && !estCodeCommune(code)) {
    resultat.erreurs[champ.nom] = "Ce code de commune n’existe pas : il a cinq caractères, par exemple 54528.";
  }
  return nom ? { code, nom } : null;
}

const LECTURES = {
  texte: lireUnTexte,
  textes: lireDesTextes,
  code: lireCode,
  codes: lireCodes,
  booleen: lireBooleen,
  entier: lireEntier,
  jour: lireUnJour,
  mois: lireMois,
  telephones: lireTelephones,
  commune: lireCommune,
};
