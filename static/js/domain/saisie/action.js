// Inscrire à une action, noter une séance et qui y est venu : miroir de app/domain/saisie/action.py.
import { attendus, enMemeTemps, homonymes, horsDates, inscriptions, presences } from "../action.js";
import { feuille, valeur } from "../cahier.js";
import { identifiantTire } from "../feuilles.js";
import { deriver } from "../identifiant.js";
import { estCode } from "../nomenclatures.js";
import { lire, noter } from "./feuille.js";
import { conclure, lireBase, lireIdentifiant, nouveauResultat, operation, texte } from "./lecture.js";

const INSCRIRE = ["qui", "service", "le"];
const DESINSCRIRE = ["fini_le", "fini_motif"];
const SEANCE = ["le", "debut", "fin", "lieu", "theme"];
const ISSUE = ["etat", "issue"];
const MEME_NOM = "Quelqu’un de ce nom y est déjà inscrit\u202f: vérifiez que ce n’est pas la même personne.";
const MEME_HEURE = "Une autre séance est notée ce jour-là, à la même heure.";
const HORS_DATES = "Ce jour n’est pas dans les dates de l’action.";

export function lireInscription(saisie, contexte, existante = null) {
  const resultat = nouveauResultat();
  const tour = { resultat, saisie, contexte };
  const { cahier } = contexte;
  if (existante) {
    lire(tour, "inscription", [...INSCRIRE, "sur_place", ...DESINSCRIRE]);
    noter(resultat, saisie, contexte, "inscription", existante);
    return conclure(resultat);
  }
  lire(tour, "inscription", [...INSCRIRE, "dossier_id", "sur_place"]);
  const seance = feuille(cahier, texte(saisie, "seance"));
  if (seance) resultat.champs.sur_place = true;
  const tire = identifiantTire("inscription", cahier.cahier.id, resultat.champs);
  const deja = feuille(cahier, tire);
  if (seance && deja && !deja.retiree_le && !attendus(cahier, seance).some(({ id }) => id === tire)) {
    // Désinscrite, elle est revenue ce jour-là : sa présence, et le service qui l'envoie, s'il a changé.
    const { service } = resultat.champs;
    resultat.champs = service ? { service } : {};
    noter(resultat, saisie, contexte, "inscription", deja);
    resultat.operations.push(presence(saisie, resultat, contexte, seance, tire, "present"));
    return conclure(resultat);
  }
  if (deja && !deja.retiree_le) resultat.erreurs.qui ??= "Cette personne est déjà inscrite.";
  else if (homonymes(cahier, resultat.champs).length) resultat.avertissements.qui = MEME_NOM;
  noter(resultat, saisie, contexte, "inscription", null, tire);
  if (seance) resultat.operations.push(presence(saisie, resultat, contexte, seance, resultat.operations[0].entite, "present"));
  return conclure(resultat);
}

export function lireSeance(saisie, contexte, existante = null) {
  const resultat = nouveauResultat();
  lire({ resultat, saisie, contexte }, "seance", existante ? [...SEANCE, ...ISSUE] : SEANCE);
  if (["le", "debut"].some((nom) => !existante || valeur(existante, nom) !== resultat.champs[nom])) avertir(resultat, contexte.cahier, existante);
  noter(resultat, saisie, contexte, "seance", existante);
  return conclure(resultat);
}

function avertir({ champs, avertissements }, cahier, existante) {
  if (horsDates(cahier, champs.le)) avertissements.le = HORS_DATES;
  else if (enMemeTemps(cahier, champs, existante).length) avertissements.debut = MEME_HEURE;
}

export function lirePresence(saisie, contexte, existante = null) {
  const resultat = nouveauResultat();
  const noms = existante ? ["etat", "signature"] : ["seance_id", "inscription_id", "etat", "signature"];
  lire({ resultat, saisie, contexte }, "presence", noms);
  noter(resultat, saisie, contexte, "presence", existante);
  return conclure(resultat);
}

// Ce qui n'a pas été touché ne part pas : un autre téléphone a pu le changer depuis.
export function lirePresences(saisie, contexte, seance) {
  const resultat = nouveauResultat();
  const { cahier } = contexte;
  const siennes = presences(cahier, seance);
  for (const { id: qui } of inscriptions(cahier)) {
    const voulu = texte(saisie, `etat-${qui}`);
    if (!voulu || voulu === texte(saisie, `vu-${qui}`)) continue;
    if (!estCode("etat_presence", voulu)) {
      resultat.erreurs[`etat-${qui}`] = "Choisissez une réponse de la liste.";
      continue;
    }
    const deja = siennes.get(qui);
    if (!deja) resultat.operations.push(presence(saisie, resultat, contexte, seance, qui, voulu));
    else if (valeur(deja, "etat") !== voulu) {
      const base = lireBase(saisie, deja, `base-${qui}`);
      resultat.operations.push(operation(identifiant(saisie, resultat, qui), "modifier_presence", deja.id, cahier.cahier.id, { etat: voulu }, base));
    }
  }
  return conclure(resultat);
}

function presence(saisie, resultat, { cahier }, seance, inscription, etat) {
  const champs = { seance_id: seance.id, inscription_id: inscription, etat };
  const { id } = cahier.cahier;
  return operation(identifiant(saisie, resultat, inscription), "noter_presence", identifiantTire("presence", id, champs), id, champs);
}

// Une opération par personne, d'un seul envoi : chacune tire la sienne de celle de la page.
function identifiant(saisie, resultat, inscription) {
  const page = lireIdentifiant(resultat, saisie, "op_id");
  return page && inscription ? deriver(page, inscription) : null;
}
