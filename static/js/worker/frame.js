/* Ce que toute page reçoit autour de son contenu : miroir de app/cadre.py. */

import { deskOf, writesSheets } from "./role.js";

const initials = ({ prenom, nom }) => `${prenom.slice(0, 1)}${nom.slice(0, 1)}`.toUpperCase();

const userOf = (utilisateur) =>
  utilisateur && {
    nom_affiche: `${utilisateur.prenom} ${utilisateur.nom}`,
    initiales: initials(utilisateur),
    role: utilisateur.role,
  };

/** @param {{assets: object, version: string}} build */
/** `genres` : ceux des cahiers que la personne tient. */
export function createFrame({ assets, version, bureau = deskOf, genres = () => [] }) {
  /** @param {{titre: string, onglet?: string, envoi: object, utilisateur?: object|null, message?: object|null}} parts */
  return ({ titre, onglet = "", envoi, utilisateur = null, message = null }) => ({
    actifs: assets,
    version,
    titre,
    onglet,
    jeton: "",
    origine: "appareil",
    envoi: { connu: true, ...envoi },
    utilisateur: userOf(utilisateur),
    bureau: bureau(utilisateur),
    maraude: utilisateur !== null && genres().includes("secteur"),
    actions_tenues: utilisateur !== null && genres().includes("action"),
    va_en_comite: utilisateur !== null && genres().includes("comite"),
    sans_entretien: utilisateur !== null && !writesSheets(utilisateur),
    message,
  });
}
