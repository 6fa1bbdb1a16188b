// Les formulaires d'une action : miroir de app/viewmodels/action_formulaire.py.
import { estPresent } from "../domain/action.js";
import * as tenu from "../domain/cahier.js";
import { quantite } from "../domain/francais.js";
import { nomAffiche } from "../domain/personne.js";
import { adresse, titre } from "./action.js";
import { correction, page } from "./feuille.js";
import { cacher, cleBrouillon, premiere } from "./formulaires.js";

const { valeur } = tenu;
const INSCRIRE = ["qui", "service", "le"];
const SEANCE = ["le", "debut", "fin", "lieu", "theme"];
// Par forme, ce que montre la page qui la corrige.
const GROUPES = {
  inscription: [["", INSCRIRE], ["Désinscrire", ["fini_le", "fini_motif"]]],
  seance: [["", ["etat", "issue"]], ["Quand, où, quoi", SEANCE]],
  presence: [["", ["etat", "signature"]]],
};
const TITRES = { seance: "La séance", inscription: "L’inscription", presence: "Présence" };
const SANS_DOSSIER = "Rien d’autre n’est gardé d’elle\u202f: ni dossier, ni accompagnement.";

export function inscription(cahier, contexte, dossier, laSeance, saisie = null, erreurs = {}) {
  const nom = dossier && nomAffiche(dossier.personne);
  const personne = dossier?.personne.id ?? "";
  const seanceId = laSeance?.id ?? "";
  const url = `${adresse(cahier)}/inscrire`;
  const { aujourd_hui: jour } = contexte;
  const le = (laSeance && tenu.jour(laSeance)) ?? jour;
  return {
    ...pageDe("inscription", { cahier, contexte, saisie, erreurs }, [["", INSCRIRE]], { qui: nom, le: le < jour ? le : jour }),
    titre_page: nom || "Quelqu’un d’ailleurs",
    surtitre: laSeance ? titre(laSeance, contexte) : cahier.cahier.nom,
    precisions: dossier ? [] : [SANS_DOSSIER],
    retour: laSeance ? `${url}?seance=${seanceId}` : url,
    action: `${url}?qui=${personne || "ailleurs"}${laSeance ? `&seance=${seanceId}` : ""}`,
    bouton: laSeance ? "Noter sa venue" : "Inscrire",
    brouillon: cleBrouillon("inscription", `${cahier.cahier.id}:${personne}:${seanceId}`, saisie),
    caches: cacher(dossier ? ["op_id"] : ["op_id", "entite"], saisie, contexte, { dossier_id: personne, seance: seanceId }),
  };
}

export function seance(cahier, contexte, saisie = null, erreurs = {}) {
  const { id, nom, valeurs } = cahier.cahier;
  const { debut = null, fin = null, lieu = null } = valeurs;
  return {
    ...pageDe("seance", { cahier, contexte, saisie, erreurs }, [["", SEANCE]], { le: contexte.aujourd_hui, debut, fin, lieu }),
    titre_page: "Une séance",
    surtitre: nom,
    retour: adresse(cahier),
    action: `${adresse(cahier)}/seance`,
    bouton: "Ajouter la séance",
    brouillon: cleBrouillon("seance", id, saisie),
    caches: cacher(["op_id", "entite"], saisie, contexte, {}),
  };
}

export function corriger(code, cahier, contexte, existante = null, saisie = null, erreurs = {}) {
  const tour = { cahier, contexte, saisie, erreurs };
  const valeurs = existante?.valeurs ?? {};
  const cite = (nom) => premiere(saisie, nom) || valeurs[nom] || "";
  const cites = { seance_id: cite("seance_id"), inscription_id: cite("inscription_id") };
  const gardes = existante ? {} : { dossier_id: premiere(saisie, "dossier_id"), ...cites };
  const qui = tenu.feuille(cahier, cites.inscription_id);
  const quand = tenu.feuille(cahier, cites.seance_id);
  // Venue une fois, elle peut s'inscrire ensuite.
  const surPlace = premiere(saisie, "sur_place") || valeurs.sur_place;
  const groupes = surPlace ? [["", [...INSCRIRE, "sur_place"]], ...GROUPES[code].slice(1)] : GROUPES[code];
  return {
    ...pageDe(code, tour, groupes, valeurs),
    ...correction(code, tour, existante, gardes, existante && code !== "presence" && neComptePlus(cahier, existante)),
    titre_page: titreDe(code, existante, qui, contexte),
    surtitre: quand ? titre(quand, contexte) : cahier.cahier.nom,
    retour: retourDe(code, cahier, existante, cites.seance_id),
  };
}

function titreDe(code, existante, qui, contexte) {
  if (code === "seance" && existante && valeur(existante, "le")) return titre(existante, contexte);
  const nommee = qui ?? (code === "inscription" ? existante : null);
  return nommee ? tenu.titre(nommee) : TITRES[code];
}

function retourDe(code, cahier, existante, seanceId) {
  const cible = code === "seance" && existante ? existante.id : seanceId;
  return cible ? `/seances/${cible}` : adresse(cahier);
}

// Ce que retirer emporte : les présences d'une séance, ou de qui n'aurait pas dû être inscrit.
function neComptePlus(cahier, { forme, id }) {
  const deSeance = forme === "seance";
  const siennes = tenu.citant(cahier, "presence", deSeance ? "seance_id" : "inscription_id", id).filter(estPresent).length;
  const emporte = siennes ? ` Ce qui y est noté non plus\u202f: ${quantite(siennes, "présence")}.` : "";
  const sinon = deSeance ? "" : " Pour qui ne vient plus, choisissez plutôt «\u202fDésinscrire\u202f».";
  return `Pour une erreur\u202f: elle restera au cahier, avec ce motif, et ne comptera plus.${emporte}${sinon}`;
}

function pageDe(code, tour, groupes, valeurs) {
  const vue = page(code, tour, groupes, valeurs);
  // Toujours remplis, quand et où ne s'ouvrent que pour une faute.
  const dernier = vue.groupes.at(-1);
  if (code === "seance") dernier.ouvert = dernier.champs.some(({ nom }) => nom in tour.erreurs);
  return vue;
}
