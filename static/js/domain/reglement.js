// Régler un désaccord : miroir de app/domain/reglement.py.
import { catalogue } from "./champs_personne.js";
import { egales, modifiee } from "./piece.js";
import { deplace } from "./rendez_vous.js";

export const LISTES = { mesure: "mesures", rendez_vous: "rendez_vous", entretien: "entretiens", piece: "pieces" };
const CLES = ["fiche_id", "champ", "date_effet"];
const PRISES = {
  debut: deplace,
  // Ce qui expliquait l'autre date part avec elle ; ce qui expliquait celle-ci revient du serveur.
  sortie_le: (_fiche, valeur) => ({ sortie_le: valeur, sortie_ecart: null }),
};
const SANS_CONTROLE = ["archive_le", "note_personnelle"];

export function regler(dossier, operation, { qui, envoi, inserer }) {
  const desaccords = dossier.desaccords ?? [];
  const regle = desaccords.find(({ id, etat }) => id === operation.entite && etat === "ouvert");
  if (!regle || (operation.base !== null && regle.version > operation.base)) return dossier;
  const { choix } = operation.champs;
  const fin = { etat: "regle", choix, regle_par_nom: qui, regle_le: operation.heure, envoi };
  const suivant = choix === "propose" ? prendre(dossier, regle, inserer, (piece, champs) => modifiee(piece, { ...operation, champs }, qui)) : dossier;
  return { ...suivant, desaccords: desaccords.map((desaccord) => apres(desaccord, regle, choix, fin)) };
}

function apres(desaccord, regle, choix, fin) {
  if (desaccord.etat !== "ouvert" || CLES.some((cle) => desaccord[cle] !== regle[cle])) return desaccord;
  if (desaccord.id === regle.id || egales(desaccord.propose.valeur, regle.propose.valeur)) return { ...desaccord, ...fin };
  return choix === "propose" ? { ...desaccord, en_vigueur: regle.propose } : desaccord;
}

function prendre(dossier, regle, inserer, changee) {
  const { champ, fiche_id: ficheId, fiche_type: ficheType } = regle;
  const { valeur } = regle.propose;
  const suivant = { ...dossier };
  if (ficheType !== "personne") {
    const liste = LISTES[ficheType];
    const prise = (fiche) => (ficheType === "piece" ? changee(fiche, { [champ]: valeur }) : (PRISES[champ]?.(fiche, valeur) ?? { [champ]: valeur }));
    suivant[liste] = dossier[liste].map((fiche) => (fiche.id === ficheId ? { ...fiche, ...prise(fiche) } : fiche));
  } else if (catalogue().get(champ)?.date) {
    const { historique } = dossier.personne;
    const pose = inserer(historique[champ] ?? [], regle.date_effet, valeur);
    suivant.personne = { ...dossier.personne, historique: { ...historique, [champ]: pose } };
  } else {
    suivant.personne = { ...dossier.personne, [champ]: valeur };
  }
  if (SANS_CONTROLE.includes(champ)) return suivant;
  const controles = dossier.controles.map((controle) => (controle.fiche_id === ficheId ? { ...controle, etat: "recue" } : controle));
  return { ...suivant, controles };
}
