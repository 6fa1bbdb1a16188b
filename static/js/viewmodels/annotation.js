// Ce que l'équipe note d'un service de l'annuaire : miroir de app/viewmodels/annotation.py.
import { annotations as siennes } from "../domain/annuaire.js";
import { valeur } from "../domain/cahier.js";
import { jourParis } from "../domain/dates.js";
import { quantieme } from "../domain/francais.js";
import { SERVICE } from "../domain/saisie/annuaire.js";
import { correction, page, urlDe } from "./feuille.js";
import { cacher, cleBrouillon, premiere } from "./formulaires.js";

const FORME = "annotation";
const GROUPES = [["", ["note"]]];
const POUR_TOUTE_L_EQUIPE = "Toute l’équipe la lit, signée de votre nom, et peut la corriger.";
const RETIREE = "Quand ce n’est plus vrai\u202f: elle ne se lira plus sur la fiche du service, chez personne.";

export const annotations = (carnet, serviceId, contexte) =>
  siennes(carnet, serviceId).map((une) => ({
    texte: valeur(une, "note"),
    signe: signature(une, contexte.aujourd_hui),
    url: tient(carnet, contexte) ? `${urlDe(FORME, une.id)}/modifier` : null,
    envoi: une.envoi ?? null,
  }));

function signature({ auteur_nom: auteur, note_le: le, revisions: [derniere] }, jour) {
  const dire = (qui, quand, apres) => `${qui}${apres} ${quantieme(jourParis(quand), jour)}`;
  const signe = dire(auteur, le, ", le");
  if (!derniere || dire(derniere.par_nom, derniere.le, ", le") === signe) return signe;
  return `${signe}, corrigée par ${dire(derniere.par_nom, derniere.le, " le")}`;
}

export const urlAnnoter = (carnet, serviceId, contexte, suite) => (tient(carnet, contexte) ? `/annuaire/services/${serviceId}/noter${suite}` : null);

const tient = (carnet, { utilisateur }) => Boolean(carnet?.cahier.membres.includes(utilisateur.id));

export function annoter(carnet, contexte, { id, nom }, suite, saisie = null, erreurs = {}) {
  const url = `/annuaire/services/${id}`;
  return {
    ...page(FORME, { cahier: carnet, contexte, saisie, erreurs }, GROUPES, {}),
    titre_page: "Une note de plus",
    surtitre: nom,
    precisions: [POUR_TOUTE_L_EQUIPE],
    retour: `${url}${suite}`,
    action: `${url}/noter${suite}`,
    bouton: "Ajouter la note",
    brouillon: cleBrouillon(FORME, id, saisie),
    caches: cacher(["op_id", "entite"], saisie, contexte, { service_id: id, service: nom }),
  };
}

export function corriger(carnet, contexte, existante = null, saisie = null, erreurs = {}) {
  const tour = { cahier: carnet, contexte, saisie, erreurs };
  const valeurs = existante?.valeurs ?? Object.fromEntries(SERVICE.map((nom) => [nom, premiere(saisie, nom)]));
  return {
    ...page(FORME, tour, GROUPES, valeurs),
    ...correction(FORME, tour, existante, existante ? {} : valeurs, RETIREE),
    titre_page: "La note",
    surtitre: valeurs.service,
    precisions: [existante ? signature(existante, contexte.aujourd_hui) : POUR_TOUTE_L_EQUIPE],
    retour: `/annuaire/services/${valeurs.service_id}`,
  };
}
