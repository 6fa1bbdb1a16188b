// Tournée : miroir de app/viewmodels/tournee.py.
import { estArchive, estEnBinome } from "../domain/acces.js";
import { ajouterJours, joursEntre, jourDeSemaine, jourParis, lireJour, minuit } from "../domain/dates.js";
import { echeances } from "../domain/echeance/index.js";
import { SEMAINE, quantite } from "../domain/francais.js";
import { ouvreAuPlusTard, ouvreAuPlusTot } from "../domain/jours_ouvres.js";
import { estMasque, masquer } from "../domain/masque.js";
import { estOuverte } from "../domain/mesure.js";
import { nomAffiche, valeur } from "../domain/personne.js";
import { derniere, titre, valeur as valeurDe } from "../domain/piece.js";
import { cle } from "../domain/recherche.js";
import { estDeplacable } from "../domain/rendez_vous.js";
import { ligneRendezVous } from "./agenda.js";
import { trierPar } from "./contexte.js";
import { grouper } from "./en_mots.js";

const DIT_PAR_LA_PIECE = "contrat_a_signer";

export function tournee(dossiers, contexte, jour = null) {
  const { aujourd_hui: aujourdHui, maintenant } = contexte;
  const vu = lireJour(jour) ?? aujourdHui;
  const { paires, precedent, suivant } = duJour(dossiers, vu);
  const vivant = paires.find(([fiche]) => fiche.statut === "propose" && fiche.debut >= maintenant)?.[0].id;
  const groupes = new Map();
  for (const paire of paires) {
    const nom = paire[0].lieu || "";
    groupes.set(nom, [...(groupes.get(nom) ?? []), paire]);
  }
  const lieux = [...groupes].map(([nom, siennes]) => vueLieu(nom, siennes, vivant, vu, contexte));
  const aSigner = lieux.flatMap((lieu) => lieu.rendez_vous.flatMap((ligne) => ligne.a_signer)).length;
  return {
    date: vu,
    quand: quand(vu, aujourdHui),
    resume: paires.length ? resume(paires.length, lieux.length, aSigner) : null,
    ici: adresse("/tournee", vu, contexte),
    avant: { jour: precedent, url: adresse("/tournee", precedent, contexte) },
    apres: { jour: suivant, url: adresse("/tournee", suivant, contexte) },
    lieux,
    url_noter: vu === aujourdHui ? "/entretiens/nouveau" : null,
    cloture:
      paires.length && vu <= aujourdHui
        ? { url: adresse("/tournee/cloture", vu, contexte), libelle: "Clore la journée" }
        : null,
  };
}

export function cloture(dossiers, contexte, jour = null) {
  const vu = lireJour(jour) ?? contexte.aujourd_hui;
  const lignes = duJour(dossiers, vu).paires.map(([fiche, dossier]) => ligneDe(fiche, dossier, contexte));
  const dans = (etat) => lignes.filter((ligne) => ligne.etat === etat);
  const envoyees = (...etats) => lignes.filter((ligne) => etats.includes(ligne.envoi)).length;
  const [aPreciser, aVenir, refus, reste] = [dans("a_preciser"), dans("a_venir"), envoyees("refusee"), envoyees("en_attente", "retenue")];
  return {
    date: vu,
    quand: quand(vu, contexte.aujourd_hui),
    ici: adresse("/tournee/cloture", vu, contexte),
    retour: adresse("/tournee", vu, contexte),
    close: Boolean(lignes.length) && !aPreciser.length && !aVenir.length && !refus,
    vide: !lignes.length,
    refus: refus ? `${nombreDe(refus)} à corriger dans Envoi.` : null,
    reste: reste ? `${nombreDe(reste)} pas encore envoyé${reste > 1 ? "s" : ""}.` : null,
    a_preciser: aPreciser,
    a_venir: aVenir,
  };
}

export const adresse = (chemin, jour, contexte) => (jour === contexte.aujourd_hui ? chemin : `${chemin}?jour=${jour}`);

const nombreDe = (nombre) => quantite(nombre, "rendez-vous", "rendez-vous");

export function duJour(dossiers, jour) {
  const [debut, fin] = [minuit(jour), minuit(ajouterJours(jour, 1))];
  const paires = [];
  let [avant, apres] = ["", ""];
  for (const dossier of dossiers) {
    if (estArchive(dossier)) continue;
    for (const fiche of dossier.rendez_vous) {
      const heure = fiche.debut;
      if (heure < debut) avant = heure > avant ? heure : avant;
      else if (heure < fin) paires.push([fiche, dossier]);
      else if (!apres || heure < apres) apres = heure;
    }
  }
  let [precedent, suivant] = [ouvreAuPlusTard(ajouterJours(jour, -1)), ouvreAuPlusTot(ajouterJours(jour, 1))];
  if (avant && jourParis(avant) > precedent) precedent = jourParis(avant);
  if (apres && jourParis(apres) < suivant) suivant = jourParis(apres);
  const triees = trierPar(paires, ([fiche, { personne }]) => [fiche.debut, cle(nomAffiche(personne)), fiche.id]);
  return { paires: triees, precedent, suivant };
}

// La page se regarde à plusieurs : d'un lieu à taire, elle ne dit rien.
function vueLieu(nom, paires, vivant, jour, contexte) {
  const { masques, lieux } = contexte.reference;
  const connu = lieux?.find((lieu) => lieu.nom === nom);
  const dit = (!estMasque(nom, masques) && connu) || {};
  const auJour = `le ${SEMAINE[jourDeSemaine(jour)]}`;
  const heures = dit.horaires?.[jourDeSemaine(jour)];
  const numero = dit.preteur_telephone;
  return {
    id: connu?.id ?? null,
    nom: masquer(nom, masques) || "Sans lieu",
    adresse: dit.adresse ? [dit.adresse, dit.commune].filter(Boolean).join(", ") : null,
    ouverture: heures ? `Ouvert ${auJour}\u202f: ${heures}` : null,
    ferme: dit.horaires && !heures ? `Pas d’ouverture connue ${auJour}` : null,
    pret: dit.preteur || numero ? { qui: dit.preteur ?? null, ...(lienTel(numero) ?? { affiche: null, lien: null }) } : null,
    url_salle: connu && paires.some(([fiche]) => estDeplacable(fiche)) ? `/tournee/salle?jour=${jour}&lieu=${connu.id}` : null,
    url_imprevu: jour === contexte.aujourd_hui ? `/entretiens/nouveau${connu ? `?lieu=${connu.id}` : ""}` : null,
    rendez_vous: paires.map(([fiche, dossier]) => ({
      ...ligneDe(fiche, dossier, contexte),
      lieu: null,
      prochain: fiche.id === vivant,
      ...aSavoir(dossier, contexte),
    })),
  };
}

const lienTel = (numero) => (numero ? { affiche: grouper(numero), lien: `tel:${numero}` } : null);

function ligneDe(fiche, dossier, contexte) {
  const ligne = ligneRendezVous(fiche, dossier, contexte);
  return { ...ligne, lieu: masquer(ligne.lieu, contexte.reference.masques) };
}

function aSavoir(dossier, contexte) {
  const aSigner = contratsASigner(dossier, contexte);
  return {
    telephone: lienTel(valeur(dossier.personne, "telephones", contexte.aujourd_hui)?.[0]?.numero),
    retards: echeances(dossier, contexte.reference.conventions, contexte.maintenant)
      .filter(({ etat, genre }) => etat === "en_retard" && !(aSigner.length && genre === DIT_PAR_LA_PIECE))
      .map((echeance) => echeance.titre),
    a_signer: aSigner,
  };
}

function contratsASigner(dossier, { aujourd_hui: jour, reference }) {
  const attendus = new Map();
  for (const mesure of estEnBinome(dossier) ? [] : dossier.mesures) {
    const contrat = estOuverte(mesure, jour) && derniere(dossier, "contrat", mesure);
    if (contrat && !valeurDe(contrat, "signe_personne_le") && (valeurDe(contrat, "fin") ?? jour) >= jour) {
      attendus.set(contrat.id, { titre: titre(contrat, reference.masques), url: `/pieces/${contrat.id}` });
    }
  }
  return [...attendus.values()];
}

const quand = (jour, aujourdHui) => ({ "-1": "Hier", 0: "Aujourd’hui", 1: "Demain" })[joursEntre(aujourdHui, jour)] ?? "Tournée";

function resume(rendezVous, lieux, aSigner) {
  const mots = [nombreDe(rendezVous), quantite(lieux, "lieu", "lieux")];
  return (aSigner ? [...mots, `${quantite(aSigner, "contrat")} à faire signer`] : mots).join(", ");
}
