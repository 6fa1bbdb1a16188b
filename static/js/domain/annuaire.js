// Chercher dans l'annuaire que l'on emporte : miroir de app/domain/annuaire.py.
import { feuillesDe, valeur } from "./cahier.js";
import { cle, indexer, motsDe, rang, repond } from "./recherche.js";

const CHERCHES = ["nom", "chez", "type", "sujets", "commune", "note"];

export function chercher(services, q, famille, commune, proches) {
  const gardes = services.filter(
    (service) => (!famille || service.familles?.includes(famille)) && (!commune || service.lieu === commune || dessert(service, commune)),
  );
  const mots = motsDe(q);
  const trouves = mots.length ? gardes.filter((service) => repond(mots, indexDe(service))) : gardes;
  const noms = proches.map(cle);
  // La commune demandée, puis la plus proche, puis ce qui répond le mieux.
  const place = (service) => {
    const proche = noms.indexOf(communeDe(service));
    const loin = (commune && service.lieu !== commune ? 1e6 : 0) + (proche < 0 ? noms.length : proche);
    return loin * 3 + (mots.length ? rang(q, textes(service)) : 0);
  };
  const places = new Map(trouves.map((service) => [service, place(service)]));
  return trouves.sort((a, b) => places.get(a) - places.get(b));
}

export const carnetDe = (cahiers) => cahiers.find(({ cahier }) => cahier.genre === "annuaire") ?? null;

export function annotations(carnet, serviceId) {
  const siennes = feuillesDe(carnet ?? {}, "annotation").filter((feuille) => valeur(feuille, "service_id") === serviceId);
  const place = ({ note_le: le, id }) => `${le}\n${id}`;
  return siennes.sort((a, b) => (place(a) < place(b) ? 1 : -1));
}

export function annotes(services, carnet) {
  const notes = new Map();
  for (const feuille of feuillesDe(carnet ?? {}, "annotation")) {
    const id = valeur(feuille, "service_id");
    notes.set(id, [...(notes.get(id) ?? []), valeur(feuille, "note")]);
  }
  const annote = (service) => ({ ...service, note: [service.note ?? "", ...notes.get(service.id)].join("\n") });
  return notes.size ? services.map((service) => (notes.has(service.id) ? annote(service) : service)) : services;
}

const textes = (service) => CHERCHES.map((nom) => service[nom]);

// Propre au téléphone, où chaque lettre tapée cherche dans tout l’annuaire : les mots d’un service ne se préparent qu’une fois.
const connus = new WeakMap();
const retenir = (nom, faire) => (service) => {
  const siens = connus.get(service) ?? {};
  connus.set(service, siens);
  siens[nom] ??= faire(service);
  return siens[nom];
};
const indexDe = retenir("index", (service) => indexer(textes(service)));
const communeDe = retenir("commune", ({ commune }) => cle(commune));

export const dessert = ({ zone = [] }, commune) => zone.some((code) => commune === code || (code.length < 5 && commune.startsWith(code)));
