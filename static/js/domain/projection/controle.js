// Miroir de app/domain/projection/controle.py.
import { regler } from "../reglement.js";
import { envoiDe, insererValeur } from "./changement.js";

const controler = (etat) => (dossier, operation, acteur) => {
  if (!dossier) return null;
  const fiches = new Map(dossier.controles.map((controle) => [controle.fiche_id, controle]));
  const vierge = {
    type: "controle",
    id: operation.entite,
    personne_id: operation.personne,
    version: null,
    fiche_type: operation.champs.fiche_type,
    fiche_id: operation.entite,
  };
  fiches.set(operation.entite, {
    ...(fiches.get(operation.entite) ?? vierge),
    etat,
    remarque: operation.champs.remarque ?? null,
    par_nom: acteur.nom,
    le: operation.heure,
    envoi: envoiDe(operation),
  });
  return { ...dossier, controles: [...fiches.values()] };
};

// La fiche est de nouveau à lire, comme à son arrivée.
function remettre(dossier, operation) {
  if (!dossier) return null;
  const neuve = { etat: "recue", remarque: null, par_nom: null, le: null, envoi: envoiDe(operation) };
  const controles = dossier.controles.map((controle) =>
    controle.fiche_id === operation.entite ? { ...controle, ...neuve } : controle,
  );
  return { ...dossier, controles };
}

const reglerDesaccord = (dossier, operation, acteur) =>
  dossier && regler(dossier, operation, { qui: acteur.nom, envoi: envoiDe(operation), inserer: insererValeur });

export const GENRES = {
  regler_desaccord: reglerDesaccord,
  valider_fiche: controler("validee"),
  retourner_fiche: controler("retournee"),
  remettre_fiche: remettre,
};
