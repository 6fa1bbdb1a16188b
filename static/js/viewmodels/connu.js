// Ceux que l'on reconnaît : miroir de app/viewmodels/connu.py.
import * as tenu from "../domain/cahier.js";
import { ajouterMois } from "../domain/dates.js";
import { jourCourt, jourLong, majuscule, minuscule } from "../domain/francais.js";
import * as nuit from "../domain/maraude.js";
import { libelle } from "../domain/nomenclatures.js";
import { retiree } from "./feuille.js";
import { versionMontree } from "./formulaires.js";
import { animaux, ligneRencontre, titre } from "./maraude.js";
import { suites } from "./rattachement.js";

const { valeur } = tenu;

export function rencontrer(cahier, contexte, existante) {
  const url = `/maraudes/${existante.id}`;
  const vers = (qui) => `${url}/rencontre?qui=${qui}`;
  return {
    veille: nuit.veille(cahier, contexte.maintenant),
    nuit: titre(existante, contexte),
    retour: url,
    url_compter: vers("compter"),
    url_nouveau: vers("nouveau"),
    connus: nuit.connus(cahier).map(([fiche, le]) => ({
      nom: tenu.titre(fiche),
      quoi: reperes(fiche),
      quand: le && `dernière fois ${jourCourt(le, contexte.aujourd_hui)}`,
      url: vers(fiche.id),
    })),
  };
}

export function reperes(fiche) {
  const apparence = [["sexe", "sexe_apparent"], ["age", "age_apparent"]].map(([nom, liste]) => libelle(liste, valeur(fiche, nom)));
  const chiens = animaux(fiche);
  // Compté, le chien ne se dit pas deux fois.
  const traits = (valeur(fiche, "reperes") ?? []).filter((code) => code !== "chien" || !chiens).map((code) => libelle("repere", code));
  return majuscule([...apparence, ...traits, chiens].filter(Boolean).map(minuscule).join(", "));
}

export function connu(cahier, contexte, existante, personnes = []) {
  const jour = contexte.aujourd_hui;
  const depuis = ajouterMois(jour, -nuit.GARDE_MOIS);
  const informe = valeur(existante, "informe_le");
  const url = `/connus/${existante.id}`;
  return {
    veille: nuit.veille(cahier, contexte.maintenant),
    nom: tenu.titre(existante),
    secteur: cahier.cahier.nom,
    reperes: reperes(existante),
    note: valeur(existante, "note"),
    informe: informe && `Sait ce que nous gardons, depuis le ${jourLong(informe, jour)}`,
    envoi_fiche: existante.envoi ?? null,
    retiree: retiree(existante, contexte),
    rencontres: nuit
      .rencontresDe(cahier, existante)
      .filter(([le]) => le >= depuis)
      .map(([le, rencontre]) => ({ ...ligneRencontre(rencontre, cahier), quand: jourCourt(le, jour) })),
    url_modifier: `${url}/modifier`,
    ...suites(existante, personnes, contexte),
    redit: {
      url: `${url}/redit`,
      caches: [
        { nom: "op_id", valeur: contexte.nouvel_identifiant() },
        { nom: "base", valeur: versionMontree(existante, null) },
      ],
    },
  };
}
