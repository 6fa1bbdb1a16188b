// Les formes des pièces : miroir de app/domain/formes/__init__.py, sur les mêmes données.
import { FORMES } from "#jalon/formes";

const PAR_CODE = new Map(FORMES.map((decrite) => [decrite.code, decrite]));

export const charger = () => PAR_CODE;

export const forme = (code) => PAR_CODE.get(code) ?? null;

export const champ = (decrite, nom) => decrite.champs.find((un) => un.nom === nom) ?? null;

// Ce que la convention ne dit pas n'existe pas : ni la forme, ni le champ qui en dépend.
export function aLaRegle(convention, regle = null) {
  const dite = regle === null || convention?.[regle];
  if (dite === null || dite === undefined || dite === false || dite === "") return false;
  return typeof dite !== "object" || Object.keys(dite).length > 0;
}

export const formesPour = (convention) => FORMES.filter(({ regle }) => aLaRegle(convention, regle));
