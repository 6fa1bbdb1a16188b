// Les formes des feuilles d'un cahier : miroir de app/domain/feuilles/__init__.py, sur les mêmes données.
import { FEUILLES } from "#jalon/feuilles";

import { deriver } from "./identifiant.js";

const PAR_CODE = new Map(FEUILLES.map((decrite) => [decrite.code, decrite]));

export const charger = () => PAR_CODE;

export const forme = (code) => PAR_CODE.get(code) ?? null;

export const formesDuCahier = (genre) => FEUILLES.filter(({ cahier }) => cahier === genre);

// L'identifiant que sa clé donne à une feuille, où qu'elle soit notée ; null si le choix en est libre.
export function identifiantTire(code, cahier, valeurs) {
  const cles = (forme(code)?.cle ?? []).map((nom) => valeurs[nom]);
  return cles.length && cles.every(Boolean) ? deriver(cahier, ...cles) : null;
}
