// Taire, dans les listes, les lieux dont le nom en dit trop : miroir de app/domain/masque.py.
import { cle } from "./recherche.js";

const MASQUE = "lieu masqué";

export function estMasque(texte, masques = []) {
  if (!texte || !masques.length) return false;
  const mots = ` ${cle(texte)} `;
  return masques.map(cle).some((nom) => nom && mots.includes(` ${nom} `));
}

export const masquer = (texte, masques) => (estMasque(texte, masques) ? MASQUE : texte);
