// Chercher dans l'annuaire que l'on emporte : miroir de app/domain/annuaire.py.
import { classer, cle } from "./recherche.js";

const CHERCHES = ["nom", "chez", "type", "sujets", "commune", "note"];

export function chercher(services, q, famille, commune, proches) {
  const gardes = services.filter(
    (service) => (!famille || service.familles?.includes(famille)) && (!commune || service.lieu === commune || dessert(service, commune)),
  );
  const trouves = classer(q, gardes.map((service) => CHERCHES.map((nom) => service[nom]))).map((rang) => gardes[rang]);
  const noms = proches.map(cle);
  const place = (service) => {
    const rang = noms.indexOf(cle(service.commune));
    return (commune && service.lieu !== commune ? 1e6 : 0) + (rang < 0 ? noms.length : rang);
  };
  const places = new Map(trouves.map((service) => [service, place(service)]));
  return trouves.sort((a, b) => places.get(a) - places.get(b));
}

export const dessert = ({ zone = [] }, commune) => zone.some((code) => commune === code || (code.length < 5 && commune.startsWith(code)));
