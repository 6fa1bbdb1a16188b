// Ouvrir une mesure, ou changer ses dates : miroir de app/viewmodels/mesure.py.
import { choix } from "../domain/nomenclatures.js";
import { DATES, lireMesure } from "../domain/saisie/mesure.js";
import { enTete, libelleConvention } from "./contexte.js";
import { cacher, cleBrouillon, premiere, resume, versionMontree } from "./formulaires.js";

const ORDRE = ["convention", "orientee_le", "prescripteur", "premier_contact_le", "entree_le", "modalite"];
// Les dates se trompent de la même façon : le résumé des erreurs les nomme.
export const LIBELLES = { orientee_le: "Orientation reçue le", premier_contact_le: "Premier contact le", entree_le: "Entrée le" };

export function mesure(dossier, contexte, existante = null, saisie = null, erreurs = {}) {
  const f = saisie ? Object.fromEntries(ORDRE.map((champ) => [champ, premiere(saisie, champ)])) : valeursConnues(existante);
  const base = `/dossiers/${dossier.personne.id}/mesures`;
  return {
    f,
    erreurs,
    resume_erreurs: resume(erreurs, ORDRE, LIBELLES),
    avertissements: saisie ? lireMesure(saisie, { ...contexte, dossier }, existante).avertissements : {},
    nouvelle: existante === null,
    dossier: enTete(dossier),
    mesure: existante && { convention: libelleConvention(existante.convention, contexte) },
    choix: {
      conventions: existante ? [] : choixConventions(contexte, f.convention),
      modalites: existante ? [] : choix("modalite", f.modalite),
    },
    action: existante ? `${base}/${existante.id}/modifier` : `${base}/nouvelle`,
    titre_page: existante ? "Dates de la mesure" : "Ouvrir une mesure",
    brouillon: cleBrouillon("mesure", existante ? existante.id : dossier.personne.id, saisie),
    caches: cacher(existante ? ["op_id"] : ["op_id", "entite"], saisie, contexte, {
      remplace: premiere(saisie, "remplace"),
      base: existante ? versionMontree(existante, saisie) : "",
    }),
  };
}

// Les conventions de la structure, une fois chacune ; seule, elle est choisie d'avance.
export function choixConventions(contexte, choisie) {
  const codes = [...new Set(contexte.reference.conventions.map((convention) => convention.code))];
  return codes.map((code) => ({
    code,
    libelle: libelleConvention(code, contexte),
    choisi: codes.length === 1 || code === choisie,
  }));
}

const valeursConnues = (existante) =>
  Object.fromEntries(ORDRE.map((champ) => [champ, DATES.includes(champ) ? existante?.[champ] || "" : ""]));
