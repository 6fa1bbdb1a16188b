// Une nouvelle personne et sa mesure, ou ce qui a changé : miroir de app/domain/saisie/personne.py.
import { catalogue, estLisible } from "../champs_personne.js";
import { estIdentifiant } from "../identifiant.js";
import { age, valeur } from "../personne.js";
import { cle } from "../recherche.js";
import { ressemblances } from "../ressemblance.js";
import { LECTURES } from "./champs.js";
import {
  INCOMPLET,
  conclure,
  lireBase,
  lireIdentifiant,
  lireJour,
  liste,
  nouveauResultat,
  operation,
  presente,
  texte,
} from "./lecture.js";
import { lireChampsMesure } from "./mesure.js";

const NAISSANCE = ["date_naissance", "naissance_precision"];

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
  if (presente(saisie, "date_naissance") || presente(saisie, "annee_naissance")) {
    Object.assign(champs, lireNaissance(resultat, saisie, aujourdHui));
  }
  const dateEffet = lireJour(resultat, saisie, "date_effet") ?? aujourdHui;
  if (dateEffet > aujourdHui) resultat.erreurs.date_effet = "Cette date est dans l’avenir.";
  verifierNom(resultat, champs, existante);
  resultat.champs = { ...champs, date_effet: dateEffet };
  if (existante) modifier(resultat, saisie, existante, champs, { dateEffet, aujourdHui });
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
  const mesure = lireChampsMesure(resultat, saisie, contexte, dateEffet);
  resultat.champs.mesure = mesure;
  if (mesure) {
    const id = lireIdentifiant(resultat, saisie, "op_id_mesure");
    const entiteMesure = lireIdentifiant(resultat, saisie, "entite_mesure");
    resultat.operations.push(operation(id, "ouvrir_mesure", entiteMesure, entite, mesure));
  }
  if (texte(saisie, "accord_rue") === "oui") {
    const [id, rattachement] = ["op_id", "entite"].map((nom) => lireIdentifiant(resultat, saisie, `${nom}_rattachement`));
    const dits = { connu_id: lireIdentifiant(resultat, saisie, "connu"), etendue: "jours", accord_le: contexte.aujourd_hui };
    resultat.operations.push(operation(id, "rattacher_rencontres", rattachement, entite, dits));
  }
  resultat.ressemblances = ressemblances(champs, contexte.personnes ?? [], contexte.aujourd_hui);
  const vues = (texte(saisie, "vues") ?? "").split(" ");
  resultat.a_confirmer = texte(saisie, "confirme") !== "oui" && resultat.ressemblances.some(({ id }) => !vues.includes(id));
}

// Ce que la page ne montrait pas déjà, à la date d’effet dite, ou à celles de l’erreur que l’on corrige.
function modifier(resultat, saisie, existante, champs, { dateEffet, aujourdHui }) {
  const ids = [lireIdentifiant(resultat, saisie, "op_id"), ...liste(saisie, "op_id_erreur").filter(estIdentifiant)];
  if (Object.hasOwn(champs, "commune")) {
    champs.commune = communeConnue(champs.commune, valeur(existante, "commune", aujourdHui));
  }
  const changes = autresQue(existante, champs, aujourdHui);
  const parJour =
    texte(saisie, "erreur") === "oui"
      ? parJourDeLErreur(existante, changes, aujourdHui)
      : { [dateEffet]: autresQue(existante, changes, dateEffet) };
  for (const [rang, jour] of Object.keys(parJour).sort().entries()) {
    if (!Object.keys(parJour[jour]).length) continue;
    if (rang === ids.length) {
      resultat.erreurs.op_id = INCOMPLET;
      return;
    }
    const envoi = { ...parJour[jour], date_effet: jour };
    resultat.operations.push(
      operation(ids[rang], "modifier_personne", existante.id, existante.id, envoi, lireBase(saisie, existante)),
    );
  }
}

const autresQue = (existante, champs, jour) =>
  Object.fromEntries(Object.entries(champs).filter(([nom, donnee]) => !egal(donnee, valeur(existante, nom, jour))));

// Ce qui est à écrire à chaque date : celles où la valeur fausse avait pris effet, ou aurait dû être connue.
function parJourDeLErreur(existante, changes, aujourdHui) {
  const historiques = existante.historique ?? {};
  const [origine] = [...Object.values(historiques).flat().map(([effet]) => effet), aujourdHui].sort();
  const parJour = {};
  for (const [nom, donnee] of Object.entries(changes)) {
    const { date } = catalogue().get(nom);
    const jours = joursDeLaValeur((date && historiques[nom]) || [], aujourdHui);
    for (const jour of jours.length ? jours : [date ? origine : aujourdHui]) (parJour[jour] ??= {})[nom] = donnee;
  }
  return parJour;
}

// Les dates d’effet de la valeur en vigueur ce jour-là : redite, elle en a plusieurs.
function joursDeLaValeur(historique, jour) {
  let jours = [];
  let precedente = null;
  for (const [effet, connue] of historique) {
    if (effet > jour) break;
    jours = egal(connue, precedente) ? [...jours, effet] : [effet];
    precedente = connue;
  }
  return jours;
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
    if (ans < 16) resultat.avertissements[champ] = "Cette personne a moins de 16 ans\u202f: vérifiez la date.";
    else if (ans > 100) resultat.avertissements[champ] = "Cette personne a plus de 100 ans\u202f: vérifiez la date.";
  }
  return { date_naissance: jour, naissance_precision: precision };
}
