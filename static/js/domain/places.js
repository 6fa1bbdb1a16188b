// Prévenir qui ouvre une mesure que toutes les places étaient prises : miroir de app/domain/places.py.
import { dateChiffree } from "./francais.js";

export function enPlus(reference, code) {
  const compte = prises(reference).find((place) => place.code === code);
  return compte ? `Toutes les places étaient prises le ${dateChiffree(compte.le)}\u202f: cette mesure est en plus.` : null;
}

export const prises = ({ places }) => (places ?? []).filter((compte) => compte.prises);
