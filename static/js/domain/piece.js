// Les pièces d'un dossier : miroir de app/domain/piece.py.

const JOURS = ["jour", "debut", "le", "lundi", "du", "deposee_le", "vue_le", "pour_le"];

export function piecesDe(dossier, forme, mesure = null) {
  const gardees = (dossier.pieces ?? []).filter(
    (piece) =>
      piece.forme === forme &&
      !piece.retiree_le &&
      (mesure === null || (piece.mesure_id ?? mesure.id) === mesure.id),
  );
  const rang = (piece) => `${jour(piece) ?? ""} ${piece.id}`;
  return gardees.length < 2 ? gardees : gardees.sort((a, b) => (rang(a) < rang(b) ? -1 : 1));
}

export const derniere = (dossier, forme, mesure = null) => piecesDe(dossier, forme, mesure).at(-1) ?? null;

export function valeur(piece, champ) {
  const donnee = piece.valeurs[champ];
  return donnee === undefined || donnee === "" || (Array.isArray(donnee) && donnee.length === 0) ? null : donnee;
}

export function jour(piece) {
  const champ = JOURS.find((nom) => valeur(piece, nom) !== null);
  return champ ? piece.valeurs[champ] : null;
}
