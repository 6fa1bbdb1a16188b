// Un dossier : miroir de app/viewmodels/dossier.py.
import { estArchive, estEnBinome } from "../domain/acces.js";
import { catalogue, estLisible } from "../domain/champs_personne.js";
import { echeances } from "../domain/echeance/index.js";
import { dateChiffree, minuscule } from "../domain/francais.js";
import { conventionAu, mesurePrincipale, referentAu, statut } from "../domain/mesure.js";
import { libelle } from "../domain/nomenclatures.js";
import { suspensionEnCours } from "../domain/parcours.js";
import { ageTexte, depuis, nomAffiche, valeur } from "../domain/personne.js";
import { valeur as valeurDePiece } from "../domain/piece.js";
import { absence } from "./absence.js";
import { acces } from "./acces.js";
import { duDossier } from "./action.js";
import { ligneRendezVous } from "./agenda.js";
import { avant } from "./avant.js";
import { libelleConvention, nomDeCollegue, plusGrave, sexe, trierPar } from "./contexte.js";
import { aRegler } from "./desaccord.js";
import { grouper, valeurEnMots } from "./en_mots.js";
import { fil } from "./fil.js";
import { ligneEcheance } from "./ma_journee.js";
import { parcours } from "./parcours.js";
import { section } from "./piece.js";
import { rattachements } from "./rattachement.js";
import { tardive } from "./tardive.js";

// Ce que la page montre à sa propre place, hors de la liste des autres champs.
const A_PART = new Set([
  "nom", "prenom", "nom_usage", "pseudonymes", "date_naissance",
  "naissance_precision", "sexe", "telephones", "adresse", "commune",
]);

export function dossier(fiches, contexte, cahiers = []) {
  const aVenir = fiches.rendez_vous.filter((r) => r.statut === "propose" && r.debut >= contexte.maintenant);
  const [prochain = null] = trierPar(aVenir, (r) => [r.debut, r.id]);
  // Rien n’est dû dans un dossier archivé.
  const dues = estArchive(fiches) ? [] : echeances(fiches, contexte.reference.conventions, contexte.maintenant);
  const anciennete = (mesure) => [mesure.entree_le || mesure.orientee_le || "", mesure.id];
  return {
    personne: vuePersonne(fiches.personne, contexte),
    envoi_en_tete: plusGrave([fiches.personne, ...fiches.mesures].map((fiche) => fiche.envoi)),
    avant: avant(fiches, contexte),
    mesures: trierPar(fiches.mesures, anciennete, -1).map((mesure) => vueMesure(mesure, fiches, contexte)),
    echeances: dues.map((echeance) => ligneEcheance(echeance, fiches)),
    prochain_rendez_vous: prochain && ligneRendezVous(prochain, fiches, contexte),
    fil: fil(fiches, contexte, prochain?.id ?? null),
    url_noter: `/entretiens/nouveau?dossier=${fiches.personne.id}`,
    desaccords: aRegler(fiches, contexte),
    acces: acces(fiches, contexte),
    pieces: section(fiches, contexte),
    absence: estArchive(fiches) || estEnBinome(fiches) ? null : absence(fiches, contexte),
    actions: duDossier(cahiers, fiches, contexte),
    rattachements: rattachements(fiches.personne, contexte),
  };
}

function vuePersonne(personne, contexte) {
  const jour = contexte.aujourd_hui;
  const accord = sexe(personne, contexte);
  return {
    id: personne.id,
    nom: nomAffiche(personne),
    nom_usage: personne.nom_usage ?? null,
    pseudonymes: personne.pseudonymes ?? [],
    age_texte: ageTexte(personne, jour),
    naissance: naissance(personne),
    sexe_libelle: libelle("sexe", accord) || null,
    telephones: (valeur(personne, "telephones", jour) ?? []).map((telephone) => ({
      numero: telephone.numero,
      affiche: grouper(telephone.numero),
      libelle: telephone.libelle ?? null,
      lien_tel: `tel:${telephone.numero}`,
      lien_sms: `sms:${telephone.numero}`,
    })),
    adresse: valeur(personne, "adresse", jour),
    commune: valeur(personne, "commune", jour)?.nom ?? null,
    champs: autresChamps(personne, contexte, accord),
    tardive: tardive(personne),
  };
}

function naissance(personne) {
  const jour = personne.date_naissance;
  if (!jour) return null;
  if ([null, undefined, "jour"].includes(personne.naissance_precision)) return dateChiffree(jour);
  return personne.naissance_precision === "estimee" ? `${jour.slice(0, 4)} (année estimée)` : jour.slice(0, 4);
}

function autresChamps(personne, contexte, accord) {
  const vues = [];
  for (const champ of catalogue().values()) {
    if (A_PART.has(champ.nom) || !estLisible(champ, contexte.utilisateur.role)) continue;
    const donnee = valeur(personne, champ.nom, contexte.aujourd_hui);
    if (donnee === null || donnee === "" || (Array.isArray(donnee) && donnee.length === 0)) continue;
    const historique = personne.historique?.[champ.nom];
    vues.push({
      libelle: champ.libelle,
      valeur: valeurEnMots(champ, donnee, accord),
      depuis: champ.date ? depuis(historique, contexte.aujourd_hui) : null,
    });
  }
  return vues;
}

function vueMesure(mesure, dossier, contexte) {
  const aujourdHui = contexte.aujourd_hui;
  const convention = conventionAu(contexte.reference.conventions, mesure.convention, aujourdHui);
  const etape = statut(mesure, aujourdHui);
  return {
    id: mesure.id,
    convention: libelleConvention(mesure.convention, contexte),
    libelle: convention?.libelle || mesure.convention,
    // Rien ne l'a suivie : elle règle encore cette mesure, et il faut que cela se sache.
    convention_finie_le: etape !== "sortie" && convention?.fin < aujourdHui ? convention.fin : null,
    statut: etape,
    statut_libelle:
      etape === "sortie" ? `sortie le ${dateChiffree(mesure.sortie_le)}` : minuscule(libelle("statut_mesure", etape)),
    orientee_le: mesure.orientee_le,
    premier_contact_le: mesure.premier_contact_le ?? null,
    entree_le: mesure.entree_le,
    sortie_le: mesure.sortie_le,
    referent_nom: nomDeCollegue(referentAu(mesure, aujourdHui), contexte),
    tardive: tardive(mesure),
    suspendue: etape === "sortie" ? null : suspendue(mesure, dossier, aujourdHui),
    parcours: seMontre(mesure, dossier, aujourdHui) ? parcours(dossier, mesure, contexte) : [],
  };
}

// Le parcours des mesures ouvertes ; à défaut, celui de la dernière. Un dossier archivé n'attend plus rien.
const seMontre = (mesure, dossier, jour) =>
  !estArchive(dossier) && !estEnBinome(dossier) && (statut(mesure, jour) !== "sortie" || mesure.id === mesurePrincipale(dossier.mesures, jour).id);

function suspendue(mesure, dossier, jour) {
  const suspension = suspensionEnCours(dossier, mesure, jour);
  if (!suspension) return null;
  const fin = valeurDePiece(suspension, "au");
  return `mesure suspendue ${fin ? `jusqu’au ${dateChiffree(fin)}` : `depuis le ${dateChiffree(suspension.valeurs.du)}`}`;
}
