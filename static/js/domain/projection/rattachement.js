// Miroir de app/domain/projection/rattachement.py.
import { envoiDe } from "./changement.js";

const siens = ({ personne }) => personne.rattachements ?? [];

const poser = (dossier, rattachements) => ({ ...dossier, personne: { ...dossier.personne, rattachements } });

function rattacher(dossier, operation) {
  const { connu_id, etendue, accord_le } = operation.champs;
  const neuf = { id: operation.entite, connu_id, etendue, accord_le, rencontres: [], envoi: envoiDe(operation) };
  return dossier && poser(dossier, [...siens(dossier), neuf]);
}

const detacher = (dossier, { entite }) => dossier && poser(dossier, siens(dossier).filter(({ id }) => id !== entite));

export const GENRES = {
  rattacher_rencontres: rattacher,
  detacher_rencontres: detacher,
};
