// Ouvrir une mesure, ou changer ses dates : miroir de app/viewmodels/mesure.py.
import { dateChiffree } from "../domain/francais.js";
import { choix } from "../domain/nomenclatures.js";
import { prises } from "../domain/places.js";
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
    avertissements: avertissementsDe(dossier, contexte, existante, saisie),
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

function avertissementsDe(dossier, contexte, existante, saisie) {
  if (saisie) return lireMesure(saisie, { ...contexte, dossier }, existante).avertissements;
  return existante ? {} : sansPlace(contexte);
}

// Avant de choisir : où une mesure de plus dépasserait les places, au jour où le serveur les a comptées.
export function sansPlace(contexte) {
  const pleines = prises(contexte.reference);
  if (!pleines.length) return {};
  const noms = pleines.map(({ code }) => libelleConvention(code, contexte)).join(", ");
  const jour = dateChiffree(pleines[0].le);
  return { convention: `Toutes les places étaient prises le ${jour}\u202f: ${noms}. Vous pouvez quand même ouvrir.` };
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
