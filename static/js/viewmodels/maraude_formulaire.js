// Les formulaires de la maraude : miroir de app/viewmodels/maraude_formulaire.py.
import { titre as nomDe, valeur } from "../domain/cahier.js";
import { heureParis, lireJour } from "../domain/dates.js";
import { majuscule, minuscule, quantite } from "../domain/francais.js";
import { NOUVEAU, RETOUR, connus, estEnCours, maraudes, nomme, rencontres, veille } from "../domain/maraude.js";
import { avisDuJour } from "../domain/saisie/maraude.js";
import { reperes } from "./connu.js";
import { PLUS_NOMME, correction, enSaisie, page as pageDe, urlDe } from "./feuille.js";
import { cacher, cleBrouillon, premiere, versionMontree } from "./formulaires.js";
import { bilan, titre } from "./maraude.js";

export { enSaisie };

// Par forme : les champs dans l'ordre de l'écran ; un groupe nommé est plié.
const GROUPES = {
  maraude: [
    ["", ["le", "debut", "equipe", "moyen"]],
    ["Avec qui, où", ["avec", "secteur_precis"]],
    ["Le retour", RETOUR],
  ],
  rencontre: [
    ["", ["adultes", "mineurs", "chiens"]],
    ["Femmes, hommes", ["femmes", "hommes"]],
    ["", ["alerte", "besoins", "donne", "propose"]],
    ["Accepté, refusé", ["accepte", "refuse"]],
    ["", ["ou", "position", "note"]],
    ["L’heure", ["heure"]],
  ],
  prevue: [["", ["le", "debut", "equipe", "moyen"]], ["Avec qui, où", ["avec", "secteur_precis"]]],
  connu: [["", [...NOUVEAU, "chiens", "informe_le", "note"]]],
};
const MARAUDES_PROPOSEES = 8;
const CONNUS_PROPOSES = 30;
const NOM_RETIRE =
  "Son nom ne se lira plus\u202f; ses rencontres restent, et comptent. Noté deux fois\u202f? Remettez d’abord ses rencontres à l’autre nom.";
const VOIES = { nouveau: "Un nouveau nom", compter: "Compter seulement" };
const TITRES = { maraude: "La maraude", rencontre: "La rencontre", connu: "La personne connue", prevue: "La maraude prévue" };

export function nouvelle(cahier, contexte, prevue = null, saisie = null, erreurs = {}) {
  const { id, nom } = cahier.cahier;
  const valeurs = {
    ...prevue?.valeurs,
    le: contexte.aujourd_hui,
    debut: heureParis(contexte.maintenant),
    equipe: (prevue && valeur(prevue, "equipe")) ?? [contexte.utilisateur.id],
  };
  return {
    ...page("maraude", { cahier, contexte, saisie, erreurs }, GROUPES.maraude.slice(0, 2), valeurs),
    titre_page: "Commencer une maraude",
    surtitre: nom,
    retour: "/maraudes",
    action: "/maraudes/nouvelle",
    bouton: "Partir",
    brouillon: cleBrouillon("maraude", id, saisie),
    caches: cacher(["op_id", "entite", ...(prevue ? ["op_id_prevue"] : [])], saisie, contexte, { cahier: id, prevue: prevue?.id }),
  };
}

export function prevoir(cahier, contexte, saisie = null, erreurs = {}) {
  const { id, nom } = cahier.cahier;
  return {
    ...page("prevue", { cahier, contexte, saisie, erreurs }, GROUPES.prevue, { equipe: [contexte.utilisateur.id] }),
    titre_page: "Prévoir une maraude",
    surtitre: nom,
    retour: "/maraudes",
    action: "/maraudes/prevoir",
    bouton: "Enregistrer",
    brouillon: cleBrouillon("prevue", id, saisie),
    caches: cacher(["op_id", "entite"], saisie, contexte, { cahier: id }),
  };
}

export function rencontre(cahier, contexte, maraude, qui, saisie = null, erreurs = {}) {
  const connu = nomme(cahier, qui);
  const nouveau = qui === "nouveau";
  const deja = rencontres(cahier, maraude).filter((une) => valeur(une, "ou")).at(-1);
  const valeurs = {
    maraude_id: maraude.id,
    adultes: 1,
    heure: maintenant(maraude, contexte),
    ou: deja ? valeur(deja, "ou") : valeur(maraude, "secteur_precis"),
    chiens: connu && valeur(connu, "chiens"),
  };
  const nom = nouveau ? [["", NOUVEAU.map((champ) => `connu-${champ}`)]] : [];
  const vue = page("rencontre", { cahier, contexte, saisie, erreurs }, [...nom, ...GROUPES.rencontre], valeurs);
  const ids = ["op_id", "entite", ...(nouveau ? ["connu-op_id", "connu-entite"] : [])];
  // Son nom retiré pendant que l'on écrivait, la rencontre reste la sienne.
  const connuId = VOIES[qui] ? "" : qui;
  const url = `/maraudes/${maraude.id}/rencontre`;
  return {
    ...vue,
    titre_page: connu ? nomDe(connu) : (VOIES[qui] ?? TITRES.rencontre),
    surtitre: "Rencontre",
    precisions: [connu && reperes(connu)].filter(Boolean),
    retour: url,
    informer: nouveau ? { cochee: premiere(vue.f, "informe") === "oui" } : null,
    action: `${url}?qui=${qui}`,
    bouton: "Enregistrer",
    brouillon: cleBrouillon("rencontre", `${cahier.cahier.id}:${maraude.id}:${qui}`, saisie),
    caches: cacher(ids, saisie, contexte, { qui, maraude_id: maraude.id, connu_id: connuId }),
  };
}

export function retour(cahier, contexte, maraude, saisie = null, erreurs = {}) {
  const { comptes, donne, alertes } = bilan(maraude, cahier);
  const dits = [["Donné", donne], ["Alertes", alertes]].filter(([, dit]) => dit).map(([mot, dit]) => `${mot}\u202f: ${dit}`);
  const url = `/maraudes/${maraude.id}`;
  const valeurs = { ...maraude.valeurs, fin: valeur(maraude, "fin") || maintenant(maraude, contexte) };
  return {
    ...page("maraude", { cahier, contexte, saisie, erreurs }, [["", RETOUR]], valeurs),
    titre_page: "Finir la maraude",
    surtitre: titre(maraude, contexte),
    precisions: [comptes.join(", "), ...dits],
    retour: url,
    action: `${url}/fin`,
    bouton: "Finir la maraude",
    brouillon: cleBrouillon("retour", `${cahier.cahier.id}:${maraude.id}`, saisie),
    caches: cacher(["op_id"], saisie, contexte, { base: versionMontree(maraude, saisie) }),
  };
}

export function corriger(code, cahier, contexte, existante = null, saisie = null, erreurs = {}) {
  const tour = { cahier, contexte, saisie, erreurs };
  const valeurs = existante?.valeurs ?? {};
  const cite = (nom) => premiere(saisie, nom) || valeurs[nom] || "";
  const cites = code === "rencontre" ? { maraude_id: cite("maraude_id"), connu_id: cite("connu_id") } : {};
  const sansNom = Boolean(existante?.sans_nom);
  const connu = sansNom ? null : nomme(cahier, cites.connu_id);
  // D'une maraude retirée, la rencontre se range dans une autre, au choix.
  const comptees = maraudes(cahier).map((une) => une.id);
  const aRanger = code === "rencontre" && comptees.length > 0 && !comptees.includes((existante?.valeurs ?? cites).maraude_id);
  const groupes = [...GROUPES[code]];
  if (aRanger) groupes.unshift(["", ["maraude_id"]]);
  if (code === "rencontre" && !sansNom) groupes.push(["De qui il s’agit", ["connu_id"]]);
  const montres = groupes.flatMap(([, noms]) => noms);
  const gardes = Object.fromEntries(Object.entries(cites).filter(([nom]) => !montres.includes(nom)));
  return {
    ...page(code, tour, groupes, valeurs),
    ...correction(code, tour, existante, gardes, existante && neComptePlus(cahier, existante)),
    titre_page: connu ? nomDe(connu) : TITRES[code],
    surtitre: cahier.cahier.nom,
    retour: retourDe(code, existante?.id ?? premiere(saisie, "entite"), cites),
    connu: connu && urlDe("connu", connu.id),
  };
}

function retourDe(code, id, cites) {
  if (code === "rencontre") return urlDe("maraude", cites.maraude_id);
  return code === "prevue" ? "/maraudes" : urlDe(code, id);
}

// Ce que retirer emporte : les rencontres d'une maraude avec elle ; d'un nom, rien.
function neComptePlus(cahier, feuille) {
  if (feuille.forme === "connu") return NOM_RETIRE;
  const siennes = feuille.forme === "maraude" ? rencontres(cahier, feuille).length : 0;
  const emporte = siennes ? ` Ce qu’elle contient non plus\u202f: ${quantite(siennes, "rencontre")}.` : "";
  return `Elle restera au cahier, avec ce motif, et ne comptera plus.${emporte}`;
}

// L'heure qu'il est, tant qu'elle est en cours ; après coup, on la dit soi-même.
const maintenant = (maraude, contexte) => (estEnCours(maraude, contexte.maintenant) ? heureParis(contexte.maintenant) : null);

// Le téléphone est encore là où l'on rencontre ; après coup, sa position serait celle du bureau.
const dehors = (cahier, contexte, id) => maraudes(cahier).some((une) => une.id === id && estEnCours(une, contexte.maintenant));

// Les derniers rencontrés, celui que la rencontre nomme, ou personne.
function deQui(cahier, choisi) {
  const libelles = new Map(connus(cahier).slice(0, CONNUS_PROPOSES).map(([connu]) => [connu.id, reconnu(connu)]));
  if (choisi && !libelles.has(choisi)) {
    const sien = nomme(cahier, choisi);
    libelles.set(choisi, sien ? reconnu(sien) : majuscule(PLUS_NOMME));
  }
  return [...libelles, ["", VOIES.compter]].map(([code, libelle]) => ({ code, libelle, choisi: code === choisi }));
}

// « Plume, femme, jeune adulte, 1 chien » : deux du même nom se distinguent.
const reconnu = (connu) => [nomDe(connu), minuscule(reperes(connu))].filter(Boolean).join(", ");

function page(code, tour, groupes, valeurs) {
  const { cahier, contexte } = tour;
  const vue = pageDe(code, tour, groupes, valeurs);
  for (const champ of vue.groupes.flatMap(({ champs }) => champs)) {
    if (champ.nom === "connu_id") champ.choix = deQui(cahier, premiere(vue.f, "connu_id"));
    if (champ.nom === "maraude_id") {
      const proposees = maraudes(cahier).slice(0, MARAUDES_PROPOSEES);
      champ.choix = proposees.map((une) => ({ code: une.id, libelle: titre(une, contexte), choisi: une.id === premiere(vue.f, "maraude_id") }));
    }
    if (champ.genre === "position" && !dehors(cahier, contexte, premiere(vue.f, "maraude_id"))) champ.genre = "position_gardee";
    if (champ.nom === "alerte") champ.choix.at(-1).libelle = "Aucune";
  }
  const avis = avisDuJour(lireJour(premiere(vue.f, "le")), contexte.aujourd_hui);
  return { ...vue, veille: veille(cahier, contexte.maintenant), avertissements: avis ? { le: avis } : {} };
}
