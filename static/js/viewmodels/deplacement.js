// La salle n'est pas disponible : miroir de app/viewmodels/deplacement.py.
import { heureParis, lireJour } from "../domain/dates.js";
import { nomAffiche, valeur } from "../domain/personne.js";
import { estDeplacable } from "../domain/rendez_vous.js";
import { lireDeplacement } from "../domain/saisie/deplacement.js";
import { liste } from "../domain/saisie/lecture.js";
import { lienSms, momentEntier } from "./absence.js";
import { trierPar } from "./contexte.js";
import { grouper } from "./en_mots.js";
import { choixLieux, premiere, resume } from "./formulaires.js";
import { adresse, duJour } from "./tournee.js";

const ORDRE = ["date", "lieu", "lieu_autre"];

export function deplacement(dossiers, contexte, jour = null, lieuId = null, saisie = null, erreurs = null) {
  const vu = lireJour(jour) ?? contexte.aujourd_hui;
  const nom = contexte.reference.lieux?.find(({ id }) => id === lieuId)?.nom;
  const f = saisie
    ? Object.fromEntries(ORDRE.map((champ) => [champ, premiere(saisie, champ)]))
    : { date: vu, lieu: nom ?? "", lieu_autre: "" };
  const retapes = new Map(liste(saisie ?? {}, "deplace").map((ligne) => [ligne.split(" ")[0], ligne]));
  const paires = nom ? duJour(dossiers, vu).paires.filter(([fiche]) => fiche.lieu === nom && estDeplacable(fiche)) : [];
  return {
    date: vu,
    retour: adresse("/tournee", vu, contexte),
    f,
    erreurs: erreurs ?? {},
    resume_erreurs: resume(erreurs ?? {}, ORDRE),
    avertissements: saisie ? lireDeplacement(saisie, { ...contexte, dossiers }).avertissements : {},
    choix: { lieux: choixLieux(contexte, f.lieu) },
    lignes: paires.map(([fiche, { personne }]) => ({
      id: fiche.id,
      heure: heureParis(fiche.debut),
      nom: nomAffiche(personne),
      cache: retapes.get(fiche.id) ?? `${fiche.id} ${contexte.nouvel_identifiant()} ${fiche.version || ""}`.trim(),
    })),
    action: `/tournee/salle?jour=${vu}&lieu=${lieuId ?? ""}`,
    caches: [],
  };
}

export function prevenir(dossiers, contexte, identifiants) {
  const trouves = dossiers.flatMap((dossier) =>
    dossier.rendez_vous.filter(({ id }) => identifiants.includes(id)).map((fiche) => [fiche, dossier]),
  );
  const tries = trierPar(trouves, ([fiche]) => [fiche.debut, fiche.id]);
  return { lignes: tries.map(([fiche, dossier]) => aPrevenir(fiche, dossier, contexte)) };
}

// Le message dit quand et à quelle adresse ; ni le service, ni le nom du lieu, qui le dirait.
function aPrevenir(fiche, { personne }, { aujourd_hui: jour, reference }) {
  const quand = momentEntier(fiche.debut, jour);
  const lieu = reference.lieux?.find(({ nom }) => nom === fiche.lieu);
  const ou = lieu?.adresse ? `, ${[lieu.adresse, lieu.commune].filter(Boolean).join(", ")}.` : ". Je vous préciserai le lieu.";
  const texte = `Bonjour, notre rendez-vous change\u202f: ${quand}${ou} Merci de me dire si cela vous convient.`;
  const numero = valeur(personne, "telephones", jour)?.[0]?.numero;
  return {
    id: fiche.id,
    dossier_id: personne.id,
    nom: nomAffiche(personne),
    quand,
    sms: numero ? { affiche: grouper(numero), lien: lienSms(numero, texte) } : null,
    envoi: fiche.envoi ?? null,
  };
}
