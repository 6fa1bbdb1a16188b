// Le parcours d'une mesure, en mots : miroir de app/viewmodels/parcours.py.
import { TERRAIN } from "#jalon/permissions";

import { jourCourt } from "../domain/francais.js";
import { parcours as etapesDe } from "../domain/parcours.js";

const MOTS = { en_cours: "en cours", a_venir: "à venir" };

export function parcours(dossier, mesure, contexte) {
  const ecrit = TERRAIN.includes(contexte.utilisateur.role);
  return etapesDe(dossier, mesure, contexte.reference.conventions, contexte.maintenant)
    .filter(({ etat }) => etat !== "sans_objet")
    .map(({ jour, url, ...etape }) => ({ ...etape, quand: quand(etape.etat, jour, contexte.aujourd_hui), url: ecrit ? url : null }));
}

function quand(etat, jour, aujourdHui) {
  const court = jour ? jourCourt(jour, aujourdHui).split(" ").slice(1).join(" ") : "";
  if (etat === "fait") return court || "fait";
  if (etat === "en_retard") return court ? `en retard, ${court}` : "en retard";
  if (court && jour >= aujourdHui) return `avant le ${court}`;
  return court ? `depuis le ${court}` : MOTS[etat];
}
