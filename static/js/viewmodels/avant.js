// Ce qu'un dossier disait avant : miroir de app/viewmodels/avant.py.
import { catalogue, estLisible } from "../domain/champs_personne.js";
import { ajouterJours } from "../domain/dates.js";
import { libelle } from "../domain/nomenclatures.js";
import { libelleConvention, nomDeCollegue, sexe } from "./contexte.js";
import { RIEN, valeur as enMots } from "./en_mots.js";

const PARTI = "quelqu’un qui n’est plus dans l’équipe";

export function avant(fiches, contexte) {
  const { aujourd_hui: jour, utilisateur } = contexte;
  const historique = fiches.personne.historique ?? {};
  const accord = sexe(fiches.personne, contexte);
  const champs = [...catalogue().values()].filter((champ) => champ.date && estLisible(champ, utilisateur.role));
  const vues = champs.map(({ nom, libelle: titre }) => ({ libelle: titre, valeurs: remplacees(historique[nom], jour, dire(nom, accord)) }));
  for (const mesure of fiches.mesures) {
    const convention = libelleConvention(mesure.convention, contexte);
    const { referent, modalite } = mesure.historique ?? {};
    vues.push(
      { libelle: `Référent (${convention})`, valeurs: remplacees(referent, jour, (qui) => collegue(qui, contexte)) },
      { libelle: `Modalité (${convention})`, valeurs: remplacees(modalite, jour, (code) => libelle("modalite", code)) },
    );
  }
  return vues.filter(({ valeurs }) => valeurs.length);
}

function remplacees(historique, jour, direLa) {
  const periodes = [];
  for (const [effet, donnee] of historique ?? []) {
    const texte = direLa(donnee);
    if (effet <= jour && !(periodes.length && periodes.at(-1).texte === texte)) periodes.push({ effet, texte });
  }
  return periodes
    .slice(0, -1)
    .map(({ texte }, rang) => ({ texte, jusqu_au: ajouterJours(periodes[rang + 1].effet, -1) }))
    .filter(({ texte }) => texte)
    .reverse();
}

const dire = (nom, accord) => (donnee) => {
  const texte = enMots(nom, donnee, accord);
  return texte === RIEN ? null : texte;
};

function collegue(qui, contexte) {
  if (qui === contexte.utilisateur.id) return "vous";
  return nomDeCollegue(qui, contexte) ?? (qui ? PARTI : null);
}
