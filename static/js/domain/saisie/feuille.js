// Lire une feuille d'après sa forme, et en faire l'opération : miroir de app/domain/saisie/feuille.py.
import { forme } from "../feuilles.js";
import { estVide, pareilles } from "../piece.js";
import { lireBase, lireIdentifiant, operation } from "./lecture.js";
import { lireValeur, verifier } from "./piece.js";

export function lire(tour, code, noms, cles = {}) {
  const decrit = (nom) => forme(code).champs.find((un) => un.nom === nom);
  const lus = {};
  for (const nom of noms) lus[nom] = lireValeur(tour, decrit(nom), cles[nom] ?? nom);
  for (const nom of noms) {
    const cle = cles[nom] ?? nom;
    verifier(tour.resultat.erreurs, { ...decrit(nom), nom: cle }, { ...lus, [cle]: lus[nom] }, tour.contexte.aujourd_hui);
  }
  tour.resultat.champs = lus;
}

export function noter(resultat, saisie, contexte, code, existante, entite = null) {
  const id = lireIdentifiant(resultat, saisie, "op_id");
  const cahier = contexte.cahier.cahier.id;
  const { champs, operations } = resultat;
  if (!existante) {
    operations.push(operation(id, `noter_${code}`, entite ?? lireIdentifiant(resultat, saisie, "entite"), cahier, remplis(champs)));
    return;
  }
  const changes = Object.entries(champs).filter(([nom, lu]) => !pareilles(lu, existante.valeurs[nom] ?? null));
  if (!changes.length) return;
  operations.push(operation(id, `modifier_${code}`, existante.id, cahier, Object.fromEntries(changes), lireBase(saisie, existante)));
}

export const remplis = (lus) => Object.fromEntries(Object.entries(lus).filter(([, lu]) => !estVide(lu)));
