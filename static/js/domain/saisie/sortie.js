// Prononcer la sortie d'une mesure, la corriger, ou revenir dessus : miroir de app/domain/saisie/sortie.py.
import { joursEntre } from "../dates.js";
import { motifLisible } from "../mesure.js";
import { estCode, motifsParGroupe } from "../nomenclatures.js";
import { sortieCalculee } from "../sortie.js";
import { conclure, lireBase, lireIdentifiant, lireJour, lireTexte, nouveauResultat, operation, texte } from "./lecture.js";

const ECART_MAX = 300;

export function lireSortie(saisie, contexte, existante) {
  const resultat = nouveauResultat();
  const id = lireIdentifiant(resultat, saisie, "op_id");
  const annulee = texte(saisie, "annuler") === "oui";
  const lus = annulee ? { sortie_le: null, sortie_motif: null } : lire(resultat, saisie, contexte.aujourd_hui, existante);
  const suite = annulee ? {} : ecartDe(resultat, saisie, contexte, existante, lus.sortie_le);
  resultat.champs = lus;
  const changes = Object.fromEntries(Object.entries(lus).filter(([champ, lu]) => lu !== (existante[champ] ?? null)));
  if ("ecart" in suite && suite.ecart !== (existante.sortie_ecart ?? null)) changes.sortie_le = lus.sortie_le;
  if (Object.keys(changes).length) {
    const base = lireBase(saisie, existante);
    const { id: personne } = contexte.dossier.personne;
    resultat.operations.push(operation(id, "prononcer_sortie", existante.id, personne, { ...changes, ...suite }, base));
  }
  return conclure(resultat);
}

function lire(resultat, saisie, aujourdHui, existante) {
  const { erreurs } = resultat;
  const motif = texte(saisie, "sortie_motif") || null;
  if (motif === null || !estCode("motif_sortie", motif)) erreurs.sortie_motif = "Choisissez le motif de la sortie.";
  const jour = lireJour(resultat, saisie, "sortie_le", "Indiquez le jour de la sortie.");
  const debut = existante.entree_le || existante.orientee_le;
  if (jour && debut && jour < debut) erreurs.sortie_le = "La sortie vient avant l’entrée.";
  else if (jour && joursEntre(aujourdHui, jour) > 366) {
    erreurs.sortie_le = "Cette date est dans plus d’un an\u202f: vérifiez l’année.";
  }
  return { sortie_le: jour, sortie_motif: motif };
}

function ecartDe(resultat, saisie, contexte, existante, jour) {
  const calculee = sortieCalculee(contexte.dossier, existante, contexte.reference.conventions, contexte.maintenant);
  if (!calculee) return {};
  const ecart = lireTexte(resultat, saisie, "ecart", ECART_MAX);
  // Une date déjà là sans raison (importée, prononcée avant l'étape) n'en demande pas une après coup.
  const sansRaison = ecart === null && !existante.sortie_ecart && jour === existante.sortie_le;
  if (jour === null || jour === calculee.jour || sansRaison) return { calculee_le: calculee.jour };
  if (ecart === null) resultat.erreurs.ecart = "Dites pourquoi la sortie est à un autre jour.";
  return { calculee_le: calculee.jour, ecart };
}

export function motifsOfferts(role, retenu = null) {
  const lisibles = (motifs) => motifs.filter((code) => motifLisible(code, role) === code);
  const groupes = Object.entries(motifsParGroupe())
    .map(([groupe, motifs]) => [groupe, lisibles(motifs)])
    .filter(([, motifs]) => motifs.length);
  const offerts = groupes.flatMap(([, motifs]) => motifs);
  if (retenu && estCode("motif_sortie", retenu) && !offerts.includes(retenu)) groupes[0][1].push(retenu);
  return Object.fromEntries(groupes);
}
