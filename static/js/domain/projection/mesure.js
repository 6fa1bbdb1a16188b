// Miroir de app/domain/projection/mesure.py.
import { TERRAIN } from "#jalon/permissions";

import { ajouter, changer, dateEffet, envoiDe, insererValeur } from "./changement.js";

function ouvrirMesure(dossier, operation, acteur) {
  const { champs } = operation;
  const depuis = champs.entree_le || champs.orientee_le || dateEffet(operation);
  // Le secrétariat ouvre pour d'autres : s'il ne le désigne pas, le référent reste à désigner.
  const qui = champs.referent || (TERRAIN.includes(acteur.role) ? acteur.id : null);
  const referent = qui ? [[depuis, qui]] : [];
  const mesure = {
    type: "mesure",
    id: operation.entite,
    personne_id: operation.personne,
    version: null,
    reference: null,
    convention: champs.convention,
    orientee_le: champs.orientee_le ?? null,
    prescripteur: champs.prescripteur ?? null,
    premier_contact_le: champs.premier_contact_le ?? null,
    entree_le: champs.entree_le ?? null,
    fin_prevue_le: null,
    sortie_le: null,
    sortie_motif: null,
    sortie_ecart: null,
    historique: { referent, modalite: champs.modalite ? [[depuis, champs.modalite]] : [] },
  };
  return ajouter(dossier, "mesures", mesure, operation);
}

const modifierMesure = (dossier, operation) => changer(dossier, "mesures", operation, operation.champs);

// Pourquoi une autre date que celle de la règle : il suit la date, et s'efface avec elle.
function prononcerSortie(dossier, operation) {
  if (!dossier) return null;
  const { champs } = operation;
  const dite = Object.fromEntries(Object.entries(champs).filter(([nom]) => nom.startsWith("sortie_")));
  const connue = dossier.mesures.find(({ id }) => id === operation.entite)?.sortie_le ?? null;
  if ("sortie_le" in dite && ("ecart" in champs || dite.sortie_le !== connue)) {
    dite.sortie_ecart = dite.sortie_le ? champs.ecart ?? null : null;
  }
  return changer(dossier, "mesures", operation, dite);
}

// Ce qui était prévu après revient aussi au nouveau référent.
function confier(dossier, operation) {
  if (!dossier) return null;
  const { referent } = operation.champs;
  const jour = dateEffet(operation);
  const mesures = dossier.mesures.map((mesure) => {
    if (mesure.id !== operation.entite) return mesure;
    const suivis = mesure.historique.referent.map(([debut, qui]) => [debut, debut > jour ? referent : qui]);
    const historique = { ...mesure.historique, referent: insererValeur(suivis, jour, referent) };
    return { ...mesure, historique, envoi: envoiDe(operation) };
  });
  return { ...dossier, mesures };
}

export const GENRES = {
  ouvrir_mesure: ouvrirMesure,
  modifier_mesure: modifierMesure,
  prononcer_sortie: prononcerSortie,
  confier_mesure: confier,
};
