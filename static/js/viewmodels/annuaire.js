// L'annuaire : miroir de app/viewmodels/annuaire.py.
import { TERRAIN } from "#jalon/permissions";
import { annotes, chercher } from "../domain/annuaire.js";
import { seTient } from "../domain/permanence.js";
import { cle } from "../domain/recherche.js";
import { annotations, urlAnnoter } from "./annotation.js";
import { enTete } from "./contexte.js";
import { grouper } from "./en_mots.js";

const LIGNES_MAX = 60;
const FORME = "orientation_service";
const DITS = {
  pour: "Pour qui",
  conditions: "Conditions",
  comment: "Comment demander",
  qui: "Qui peut demander",
  accueil: "Accueil",
  horaires: "Horaires",
  frais: "Frais",
  adresse: "Adresse",
  reseau: "Réseau",
  site: "Sur le web",
};

export function annuaire(poche, contexte, { q = "", famille = "", commune = "" } = {}, dossier = null, carnet = null) {
  const { familles = [], sources = [] } = poche ?? {};
  const services = annotes(poche?.services ?? [], carnet);
  const proches = communesProches(contexte);
  const trouves = chercher(services, q, famille, commune, proches);
  const suite = suiteDe(dossier);
  return {
    q,
    familles: choisir([{ code: "", libelle: "Tout" }, ...familles], famille),
    communes: choisir(poche ? [{ code: "", libelle: "Toutes les communes" }, ...communes(poche, proches)] : [], commune),
    lignes: trouves.slice(0, LIGNES_MAX).map((service) => ligne(service, suite)),
    nombre: trouves.length,
    total: services.length,
    sources: sources.map(({ nom, maj }) => ({ nom, maj })),
    dossier: dossier && enTete(dossier),
  };
}

export function service(trouve, contexte, dossier = null, carnet = null) {
  const { telephone: numero, courriel } = trouve;
  const dire = (noms) => Object.fromEntries(noms.map((nom) => [nom, trouve[nom] ?? null]));
  const orienter = dossier
    ? `/pieces/nouvelle?dossier=${dossier.personne.id}&forme=${FORME}&vers=${trouve.id}`
    : `/annuaire/services/${trouve.id}/orienter`;
  return {
    service: {
      ...dire(["id", "nom", "chez", "quoi", "note", "absent", "source", "maj", "lien"]),
      nature: [trouve.type, trouve.sujets].filter(Boolean),
    },
    joindre: [
      ...(numero ? [{ libelle: grouper(numero), url: `tel:${numero}`, genre: "telephone" }] : []),
      ...(courriel ? [{ libelle: courriel, url: `mailto:${courriel}`, genre: "courriel" }] : []),
    ],
    dits: Object.entries(DITS)
      .filter(([nom]) => trouve[nom])
      .map(([nom, libelle]) => ({ libelle, valeur: trouve[nom], url: nom === "site" ? trouve[nom] : null })),
    annotations: annotations(carnet, trouve.id, contexte),
    url_annoter: urlAnnoter(carnet, trouve.id, contexte, suiteDe(dossier)),
    dossier: dossier && enTete(dossier),
    url_orienter: TERRAIN.includes(contexte.utilisateur.role) ? orienter : null,
  };
}

/** Ce que l'adresse garde de la personne pour qui l'on cherche. */
export const suiteDe = (dossier) => (dossier ? `?dossier=${dossier.personne.id}` : "");

export const quiOrienter = ({ id, nom }) => ({ nom, question: "Qui orienter\u202f?", url: `/annuaire/services/${id}` });

export const trouver = (poche, identifiant) => poche?.services.find(({ id }) => id === identifiant) ?? null;

export const recopier = (trouve) => (trouve ? { service: trouve.nom, partenaire: trouve.chez ?? "" } : {});

function communesProches({ reference, aujourd_hui: jour }) {
  const ici = new Set((reference.permanences ?? []).filter((permanence) => seTient(permanence, jour)).map(({ lieu }) => lieu));
  const lieux = [...reference.lieux].sort((a, b) => ici.has(b.id) - ici.has(a.id));
  return [...new Set(lieux.map(({ commune }) => commune).filter(Boolean))];
}

function communes(poche, proches) {
  const noms = proches.map(cle);
  const place = ({ nom }) => {
    const rang = noms.indexOf(cle(nom));
    return rang < 0 ? noms.length : rang;
  };
  return [...poche.communes].sort((a, b) => place(a) - place(b)).map(({ code, nom }) => ({ code, libelle: nom }));
}

const choisir = (choix, choisi) => choix.map((un) => ({ ...un, choisi: un.code === choisi }));

const ligne = (trouve, suite) => ({
  url: `/annuaire/services/${trouve.id}${suite}`,
  nom: trouve.nom,
  chez: trouve.chez ?? null,
  ou: trouve.commune ?? null,
  sujets: trouve.sujets ?? null,
  note: Boolean(trouve.note),
  absent: trouve.absent ?? null,
});
