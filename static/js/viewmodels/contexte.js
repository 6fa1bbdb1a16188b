// Ce que tous les modèles de vue lisent de leur contexte : miroir de app/viewmodels/contexte.py.
import { conventionAu, nomCourt } from "../domain/mesure.js";
import { nomAffiche, valeur } from "../domain/personne.js";

const GRAVITE = ["refusee", "retenue", "en_attente"];

export const sexe = (personne, contexte) => valeur(personne, "sexe", contexte.aujourd_hui) || null;

export function libelleConvention(code, contexte) {
  const convention = conventionAu(contexte.reference.conventions, code, contexte.aujourd_hui);
  return convention ? nomCourt(convention) : code;
}

export function nomDeCollegue(utilisateurId, contexte) {
  if (!utilisateurId || utilisateurId === contexte.utilisateur.id) return null;
  return (contexte.reference.collegues ?? []).find((collegue) => collegue.id === utilisateurId)?.nom ?? null;
}

export function envoiDuDossier(dossier) {
  const presents = new Set([dossier.personne.envoi]);
  for (const liste of ["mesures", "rendez_vous", "entretiens", "pieces"]) {
    for (const fiche of dossier[liste] ?? []) presents.add(fiche.envoi);
  }
  return plusGrave([...presents]);
}

export const plusGrave = (etats) => GRAVITE.find((etat) => etats.includes(etat)) ?? null;

export const enTete = (dossier) => ({ id: dossier.personne.id, nom: nomAffiche(dossier.personne) });

// Trie sur place par clés calculées une fois : `cles(element)` rend un tableau comparé terme à terme.
export function trierPar(elements, cles, sens = 1) {
  const places = elements.map((element) => ({ element, cle: cles(element) }));
  places.sort((a, b) => sens * comparer(a.cle, b.cle));
  return places.map(({ element }) => element);
}

function comparer(a, b) {
  for (let rang = 0; rang < a.length; rang += 1) {
    if (a[rang] < b[rang]) return -1;
    if (a[rang] > b[rang]) return 1;
  }
  return 0;
}
