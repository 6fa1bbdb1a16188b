// Les absences sans nouvelles, et ce qui a été fait depuis : miroir de app/domain/assiduite.py.
import { jourParis } from "./dates.js";
import { MOYENS_D_ENTRETIEN, plusTard } from "./echeance/faits.js";
import { estOuverte } from "./mesure.js";
import { piecesDe, valeur } from "./piece.js";

const parDebut = (a, b) => (a.debut + a.id < b.debut + b.id ? -1 : 1);

export function sansNouvelles(dossier, maintenant) {
  const aujourdHui = jourParis(maintenant);
  const ouvertes = dossier.mesures.filter((mesure) => estOuverte(mesure, aujourdHui)).map(({ id }) => id);
  const tenus = [
    ...dossier.entretiens.filter(({ moyen }) => MOYENS_D_ENTRETIEN.includes(moyen)).map(({ date }) => date),
    ...dossier.rendez_vous.filter(({ statut }) => statut === "honore").map(({ debut }) => jourParis(debut)),
  ];
  const depuis = plusTard(tenus.filter((jour) => jour <= aujourdHui));
  const manques = dossier.rendez_vous
    .filter((r) => r.statut === "absence_non_excusee" && ouvertes.includes(r.mesure_id) && jourParis(r.debut) > (depuis ?? ""))
    .sort(parDebut);
  if (!manques.length) return null;
  const premier = jourParis(manques[0].debut);
  const depuisLors = (forme) => piecesDe(dossier, forme).filter((piece) => (valeur(piece, "le") ?? "") >= premier);
  const aVenir = dossier.rendez_vous.filter(({ statut, debut }) => statut === "propose" && debut >= maintenant);
  return {
    rendez_vous: manques.at(-1),
    nombre: manques.length,
    depuis,
    prochain: aVenir.sort(parDebut)[0] ?? null,
    relances: depuisLors("relance"),
    saisies: depuisLors("saisine"),
  };
}

export function parcoursDeRelances(convention, { nombre, relances, saisies }) {
  const faites = [...relances.map((piece) => valeur(piece, "moyen")), ...(saisies.length ? ["saisine"] : [])];
  return (convention?.relances ?? [])
    .filter(({ apres }) => apres <= nombre)
    .map(({ quoi, apres }) => ({ quoi, apres, faite: faites.includes(quoi) }));
}
