/* Ce que la page et le travailleur se disent. Une seule liste, lue des deux côtés.
 *
 * Page → travailleur : postMessage({type, …}, [port]) ; la réponse vient par le port, {erreur} si elle a échoué.
 * Travailleur → page : postMessage({type, …}) à toutes les pages ; SESSION_DEMANDEE porte un port pour la réponse.
 *
 * @typedef {"absent"|"verrouille"|"couvert"|"ouvert"|"detruit"|"bail"} EtatCoffre
 * @typedef {{attente: number, refusees: number, deposees: number, dernier: string|null, etat: EtatEnvoi, texte: string,
 *            en_cours: boolean, patienter: number}} Envoi
 * @typedef {"inconnu"|"attente"|"refus"|"vide"|"en_cours"|"hors_ligne"|"reconnexion"} EtatEnvoi
 * @typedef {{epoque: string|null, cle: CryptoKey, code: object|null, essais: number, couvert_le: number|null, ouvert_le: number,
 *            grace_ms: number}} Session  gardée en mémoire par les pages, jamais écrite
 * @typedef {{coffre: EtatCoffre, modes: {phrase: boolean, prf: {identifiant: Uint8Array, sel: Uint8Array}|null, code: boolean},
 *            envoi: Envoi, grace_ms: number, version: string, complet: boolean, appareil: string|null,
 *            utilisateur: string|null, prenom: string|null, efface: boolean}} Etat  de qui est le carnet ; efface : à la demande de
 *            la personne, et non par le navigateur
 */

/** Page → travailleur. */
export const DEMANDE = Object.freeze({
  /** {} → Etat */
  ETAT: "etat",
  /** {appareil: {id, nom, depot}, phrase?, prf?: {secret, identifiant, sel}, code?, remplacer?} → des {avancement: {recus, restant}}, puis {fait} */
  INITIALISER: "initialiser",
  /** {} → {restantes, sans_pli, refusees, joint} ; tout ce qui peut partir est parti, voici ce qui reste */
  LIBERER: "liberer",
  /** {phrase} | {code} | {prf: Uint8Array} → {etat: EtatCoffre, erreur_texte?, attendre_secondes?, essais_restants?} */
  DEVERROUILLER: "deverrouiller",
  /** {} → {etat: EtatCoffre} ; la page vient d'être masquée */
  COUVRIR: "couvrir",
  /** {} → {etat: "verrouille"} */
  VERROUILLER: "verrouiller",
  /** {motif: "chargement"|"en_ligne"|"retour"|"saisie"|"minuterie"|"main"|"reveil"} → {resultat, envoi: Envoi} */
  ENVOYER: "envoyer",
  /** {cle, champs: [[nom, valeur]]} → {} */
  BROUILLON_ECRIRE: "brouillon-ecrire",
  /** {cle} → {brouillon: {champs, le}|null} */
  BROUILLON_LIRE: "brouillon-lire",
  /** {cle} → {} */
  BROUILLON_EFFACER: "brouillon-effacer",
  /** {} : la version qui attend prend la suite (les brouillons sont déjà gardés) */
  ACTIVER: "activer",
});

/** Travailleur → pages. */
export const ANNONCE = Object.freeze({
  /** port : la page répond {session: Session|null} */
  SESSION_DEMANDEE: "session-demandee",
  /** {session: Session} : à garder en mémoire */
  SESSION: "session",
  /** {envoi: Envoi, change: boolean, partis: string[]} ; change : l'échange a apporté ou emporté quelque chose, l'écran est à
   * redemander ; partis : les personnes qui ne sont plus dans ce carnet, à ne plus montrer nulle part */
  ENVOI: "envoi",
  /** {} : la clé n'est plus là, la page s'efface */
  VERROU: "verrou",
  /** {} : un autre onglet a rouvert la session */
  OUVERT: "ouvert",
  /** {} : le serveur a révoqué ce téléphone, tout est effacé */
  REVOQUE: "revoque",
});
