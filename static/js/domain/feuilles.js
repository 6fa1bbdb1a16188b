// Les formes des feuilles d'un cahier : miroir de app/domain/feuilles/__init__.py, sur les mêmes données.
import { FEUILLES } from "#jalon/feuilles";

import { deriver } from "./identifiant.js";

const PAR_CODE = new Map(FEUILLES.map((decrite) => [decrite.code, decrite]));

export const charger = () => PAR_CODE;

export const forme = (code) => PAR_CODE.get(code) ?? null;

export const formesDuCahier = (genre) => FEUILLES.filter(({ cahier }) => cahier === genre);

// Ce que change une feuille à clé notée une seconde fois : retirée, elle revient sans ce qui la finissait ; notée faute de mieux, elle
// ne fait que remplir ce que l'autre ne disait pas.
export function redite({ cede, finie = [] }, { retiree_le: retireeLe, valeurs }, champs) {
  if (retireeLe) return { ...Object.fromEntries(finie.map((nom) => [nom, null])), ...champs };
  if (!cede || Boolean(champs[cede]) === Boolean(valeurs[cede])) return champs;
  if (valeurs[cede]) return { ...champs, [cede]: null };
  return Object.fromEntries(Object.entries(champs).filter(([nom]) => nom !== cede && !Object.hasOwn(valeurs, nom)));
}

// L'identifiant que sa clé donne à une feuille, où qu'elle soit notée ; null si le choix en est libre.
export function identifiantTire(code, cahier, valeurs) {
  const cles = (forme(code)?.cle ?? []).map((nom) => valeurs[nom]);
  return cles.length && cles.every(Boolean) ? deriver(cahier, ...cles) : null;
}
