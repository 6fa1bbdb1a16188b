// Les formes des feuilles d'un cahier : miroir de app/domain/feuilles/__init__.py, sur les mêmes données.
import { FEUILLES } from "#jalon/feuilles";

const PAR_CODE = new Map(FEUILLES.map((decrite) => [decrite.code, decrite]));

export const charger = () => PAR_CODE;

export const forme = (code) => PAR_CODE.get(code) ?? null;

export const formesDuCahier = (genre) => FEUILLES.filter(({ cahier }) => cahier === genre);
