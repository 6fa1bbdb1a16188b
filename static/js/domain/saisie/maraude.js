// Noter une maraude, une rencontre, quelqu'un de connu : miroir de app/domain/saisie/maraude.py.
import { feuille, jour, valeur } from "../cahier.js";
import { ajouterMois } from "../dates.js";
import { forme } from "../feuilles.js";
import { DEPART, NOUVEAU, RETOUR, homonymes } from "../maraude.js";
import { lire, noter, remplis } from "./feuille.js";
import { conclure, lireIdentifiant, nouveauResultat, operation, texte } from "./lecture.js";

const PARTIE = "L’équipe est partie.";
const SANS_DATE = "Dites depuis quand elle le sait\u202f; si elle ne le sait pas, retirez son nom.";
const DE_LONGTEMPS = "Cette maraude date de plus d’un mois\u202f: vérifiez son jour.";
const MEME_NOM = "Ce nom est déjà connu dans ce secteur\u202f: si c’est la même personne, corrigez cette rencontre.";
const SANS_LE_DIRE = "Sans le lui avoir dit, ne gardez pas son nom\u202f: comptez seulement.";

const nomsDe = (code) => forme(code).champs.map(({ nom }) => nom);

export function lireMaraude(saisie, contexte, existante = null) {
  const resultat = nouveauResultat();
  lire({ resultat, saisie, contexte }, "maraude", existante ? [...DEPART, ...RETOUR] : DEPART);
  avertir(resultat, contexte, existante);
  noter(resultat, saisie, contexte, "maraude", existante);
  if (!existante && texte(saisie, "prevue")) {
    const [id, prevue] = ["op_id_prevue", "prevue"].map((nom) => lireIdentifiant(resultat, saisie, nom));
    resultat.operations.push(operation(id, "retirer_prevue", prevue, contexte.cahier.cahier.id, { motif: PARTIE }));
  }
  return conclure(resultat);
}

export function lirePrevue(saisie, contexte, existante = null) {
  const resultat = nouveauResultat();
  lire({ resultat, saisie, contexte }, "prevue", DEPART);
  const { le } = resultat.champs;
  if (!existante && le && le < contexte.aujourd_hui) resultat.erreurs.le = "Cette date est passée.";
  avertir(resultat, contexte, existante);
  noter(resultat, saisie, contexte, "prevue", existante);
  return conclure(resultat);
}

export function avisDuJour(le, aujourdHui) {
  if (le && le < ajouterMois(aujourdHui, -1)) return "Date inhabituelle\u202f: il y a plus d’un mois.";
  return le && le > ajouterMois(aujourdHui, 1) ? "Date inhabituelle\u202f: dans plus d’un mois." : null;
}

function avertir({ champs, avertissements }, contexte, existante) {
  const avis = avisDuJour(champs.le, contexte.aujourd_hui);
  if (avis && !(existante && valeur(existante, "le") === champs.le)) avertissements.le = avis;
}

export function lireConnu(saisie, contexte, existante = null) {
  const resultat = nouveauResultat();
  lire({ resultat, saisie, contexte }, "connu", nomsDe("connu"));
  if (resultat.champs.informe_le === null) resultat.erreurs.informe_le ??= SANS_DATE;
  noter(resultat, saisie, contexte, "connu", existante);
  return conclure(resultat);
}

export function lireRetour(saisie, contexte, existante) {
  const resultat = nouveauResultat();
  lire({ resultat, saisie, contexte }, "maraude", RETOUR);
  if (resultat.champs.fin === null) resultat.erreurs.fin ??= "Indiquez l’heure du retour.";
  noter(resultat, saisie, contexte, "maraude", existante);
  return conclure(resultat);
}

export function lireRencontre(saisie, contexte, existante = null) {
  const resultat = nouveauResultat();
  const tour = { resultat, saisie, contexte };
  const nouveau = !existante && texte(saisie, "qui") === "nouveau" && texte(saisie, "sans_nom") !== "oui";
  const connu = nouveau ? lireNouveau(tour) : null;
  const { au_moins: auMoins } = forme("rencontre");
  lire(tour, "rencontre", nomsDe("rencontre"));
  const { champs } = resultat;
  if (connu) champs.connu_id = connu.entite;
  if (!auMoins.champs.some((nom) => champs[nom])) resultat.erreurs.adultes ??= auMoins.sinon;
  const nuit = feuille(contexte.cahier, champs.maraude_id);
  if (!existante && nuit && avisDuJour(jour(nuit), contexte.aujourd_hui)) resultat.avertissements.maraude_id = DE_LONGTEMPS;
  noter(resultat, saisie, contexte, "rencontre", existante);
  return conclure(resultat);
}

export function lireRedit(saisie, contexte, existante) {
  const resultat = { ...nouveauResultat(), champs: { informe_le: contexte.aujourd_hui } };
  noter(resultat, saisie, contexte, "connu", existante);
  return conclure(resultat);
}

// La personne, avant sa rencontre ; ses chiens sont ceux que l'on compte, dits une fois.
function lireNouveau(tour) {
  const { resultat, saisie, contexte } = tour;
  lire(tour, "connu", [...NOUVEAU, "chiens"], Object.fromEntries(NOUVEAU.map((nom) => [nom, `connu-${nom}`])));
  if (texte(saisie, "informe") !== "oui") resultat.erreurs.informe = SANS_LE_DIRE;
  const lus = { ...resultat.champs, informe_le: contexte.aujourd_hui };
  if (homonymes(contexte.cahier, lus.pseudonyme).length) resultat.avertissements["connu-pseudonyme"] = MEME_NOM;
  const id = lireIdentifiant(resultat, saisie, "connu-op_id");
  const entite = lireIdentifiant(resultat, saisie, "connu-entite");
  const faite = operation(id, "noter_connu", entite, contexte.cahier.cahier.id, remplis(lus));
  resultat.operations.push(faite);
  return faite;
}
