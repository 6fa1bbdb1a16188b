/* Ce que toute page reçoit autour de son contenu : miroir de app/cadre.py. */

/** Les pages du bureau, avec les rôles qui y vont. */
const DESK = [
  ["/supervision/fiches", "Fiches reçues", ["chef_de_service", "secretariat"]],
  ["/rapports", "Rapports", ["chef_de_service", "secretariat"]],
  ["/administration", "Comptes et appareils", ["administrateur"]],
];

const initials = ({ prenom, nom }) => `${prenom.slice(0, 1)}${nom.slice(0, 1)}`.toUpperCase();

const userOf = (utilisateur) =>
  utilisateur && {
    nom_affiche: `${utilisateur.prenom} ${utilisateur.nom}`,
    initiales: initials(utilisateur),
    role: utilisateur.role,
  };

const deskOf = (utilisateur) =>
  DESK.filter(([, , roles]) => roles.includes(utilisateur?.role)).map(([url, libelle]) => ({ url, libelle, choisi: false }));

/** @param {{assets: object, version: string}} build */
export function createFrame({ assets, version, bureau = deskOf }) {
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
    message,
  });
}
