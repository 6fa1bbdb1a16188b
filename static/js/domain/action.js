// Une action collective, ses séances, ses inscrits : miroir de app/domain/action.py.
import { feuillesDe, jour, valeur } from "./cahier.js";
import { cle } from "./recherche.js";

const [PRESENT, ANNULEE, TENUE] = ["present", "annulee", "tenue"];

const trierPar = (liste, de) =>
  liste.map((un) => [de(un).join("\n"), un]).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, un]) => un);

export const actionsDe = (cahiers) => cahiers.filter(({ cahier }) => cahier.genre === "action");

export const inscriptions = (cahier) => trierPar(feuillesDe(cahier, "inscription"), (une) => [cle(valeur(une, "qui") ?? ""), une.id]);

export const seances = (cahier) => trierPar(feuillesDe(cahier, "seance"), (une) => [jour(une) ?? "", valeur(une, "debut") ?? "", une.id]);

export const presences = (cahier, { id }) =>
  new Map(
    feuillesDe(cahier, "presence")
      .filter((presence) => valeur(presence, "seance_id") === id)
      .map((presence) => [valeur(presence, "inscription_id"), presence]),
  );

export function estInscrite(inscription, le) {
  const finiLe = valeur(inscription, "fini_le");
  return (valeur(inscription, "le") ?? "") <= le && (finiLe === null || le < finiLe);
}

export function homonymes(cahier, { qui, le }) {
  const nom = cle(qui ?? "");
  return inscriptions(cahier).filter((une) => nom && cle(valeur(une, "qui") ?? "") === nom && estInscrite(une, le ?? ""));
}

export function horsDates({ cahier: { valeurs } }, le) {
  return Boolean(le) && ((valeurs.du ?? le) > le || le > (valeurs.au ?? le));
}

export const enMemeTemps = (cahier, { le, debut }, sauf) =>
  seances(cahier).filter((une) => debut && une.id !== sauf?.id && !estAnnulee(une) && jour(une) === le && valeur(une, "debut") === debut);

export function attendus(cahier, seance) {
  const deja = presences(cahier, seance);
  return inscriptions(cahier).filter((une) => deja.has(une.id) || estInscrite(une, jour(seance) ?? ""));
}

export const estAnnulee = (seance) => valeur(seance, "etat") === ANNULEE;

export const estPresent = (presence) => valeur(presence, "etat") === PRESENT;

export const estTenue = (seance, siennes) => !estAnnulee(seance) && (valeur(seance, "etat") === TENUE || siennes.some(estPresent));

export function tenues(cahier, parmi) {
  const connus = new Set(inscriptions(cahier).map(({ id }) => id));
  const siennes = (seance) => [...presences(cahier, seance)].filter(([qui]) => connus.has(qui)).map(([, presence]) => presence);
  return parmi.filter((seance) => estTenue(seance, siennes(seance)));
}

export function suivi(cahier, dossiers) {
  const siennes = inscriptions(cahier).filter((une) => dossiers.includes(valeur(une, "dossier_id")));
  if (!siennes.length) return null;
  const [attendue, venue, notees] = [[], [], []];
  for (const seance of tenues(cahier, seances(cahier))) {
    const toutes = presences(cahier, seance);
    const le = jour(seance) ?? "";
    const dites = siennes.map(({ id }) => toutes.get(id)).filter(Boolean);
    notees.push(...dites);
    if (dites.length || siennes.some((une) => estInscrite(une, le))) attendue.push(le);
    if (dites.some(estPresent)) venue.push(le);
  }
  const inscrites = siennes.filter((une) => !valeur(une, "sur_place")).map((une) => valeur(une, "le"));
  const finies = siennes.map((une) => valeur(une, "fini_le"));
  return {
    le: inscrites.sort()[0] ?? null,
    fini_le: finies.every(Boolean) ? finies.sort().at(-1) : null,
    venues: venue.length,
    tenues: attendue.length,
    derniere: venue.at(-1) ?? null,
    feuilles: [...siennes, ...notees],
  };
}

export function comptes(cahier, seance) {
  const connus = new Set(inscriptions(cahier).map(({ id }) => id));
  const notees = [...presences(cahier, seance)].filter(([qui]) => connus.has(qui)).map(([, presence]) => presence);
  return { attendus: attendus(cahier, seance).length, notes: notees.length, presents: notees.filter(estPresent).length };
}

export const prochaine = (cahier, aujourdHui) =>
  seances(cahier).find((seance) => (jour(seance) ?? "") >= aujourdHui && !estAnnulee(seance)) ?? null;
