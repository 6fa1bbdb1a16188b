// Nouvelle personne, ou ce qui a changé dans sa situation : miroir de app/viewmodels/personne.py.
import { orientation, titre, valeur as valeurDeFeuille } from "../domain/cahier.js";
import { catalogue, estLisible } from "../domain/champs_personne.js";
import { choix, donnees } from "../domain/nomenclatures.js";
import { nomAffiche, valeur } from "../domain/personne.js";
import { lirePersonne } from "../domain/saisie/personne.js";
import { enTete } from "./contexte.js";
import { grouper } from "./en_mots.js";
import { cacher, cases, cleBrouillon, premiere, resume, versionMontree } from "./formulaires.js";
import { LIBELLES, choixConventions, sansPlace } from "./mesure.js";

// Les champs à leur propre place dans le formulaire ; les autres suivent, par chapitre, repliés.
const EN_TETE = ["prenom", "nom", "sexe", "telephones", "date_naissance", "commune"];
const MESURE = ["convention", "orientee_le", "prescripteur", "premier_contact_le", "entree_le", "modalite"];
const PLI = ["nom_usage", "pseudonymes", "annee_naissance", "naissance_estimee", "adresse", "courriel"];
const A_PART = new Set([...EN_TETE, ...PLI, "naissance_precision"]);
// Les listes que l’on tient ligne par ligne, et combien de lignes au plus.
const LIGNES = { telephones: 5, pseudonymes: 8 };
const VIERGES = 2;
const FORMES = { code: "puces", codes: "puces_multiples", booleen: "oui_non", jour: "date", entier: "nombre" };
const AIDES = { mois: "Mois et année, par exemple 11/2026." };
const OUI_NON = [["oui", "Oui"], ["non", "Non"]];

export function personne(
  contexte,
  dossier = null,
  saisie = null,
  erreurs = {},
  ressemblances = [],
  connues = [],
  connu = null,
) {
  const existante = dossier?.personne ?? null;
  const valeurs = saisie === null ? valeursConnues(existante, contexte) : retapees(saisie);
  const neufs = existante ? ["op_id"] : ["op_id", "entite", "op_id_mesure", "entite_mesure"];
  if (connu) neufs.push("op_id_rattachement", "entite_rattachement");
  const deLErreur = existante ? pourUneErreur(existante, saisie, contexte) : [];
  const champs = [...catalogue().values()].filter((champ) => estAuFormulaire(champ, contexte));
  const suites = Object.entries(LIGNES).flatMap(([champ, total]) =>
    Array.from({ length: total - 1 }, (_, rang) => `${champ}_${rang + 1}`),
  );
  const ordre = [...EN_TETE.slice(0, 4), ...suites, ...EN_TETE.slice(4), ...MESURE, ...PLI, ...champs.map((champ) => champ.nom), "date_effet"];
  return {
    f: Object.fromEntries(
      [...EN_TETE, ...MESURE, ...PLI, "telephones_libelle", "date_effet", "confirme"].map((champ) => [champ, valeurs[champ]]),
    ),
    erreurs,
    resume_erreurs: resume(erreurs, ordre, { ...LIBELLES, ...Object.fromEntries(champs.map(({ nom, libelle }) => [nom, libelle])) }),
    avertissements: avertissementsDe(existante, contexte, saisie, valeurs),
    lignes: Object.fromEntries(Object.keys(LIGNES).map((champ) => [champ, lignes(champ, valeurs, erreurs)])),
    nouvelle: existante === null,
    dossier: dossier && enTete(dossier),
    ...enTapant(ressemblances, connues),
    a_confirmer: ressemblances.length > 0,
    connu: connu && { nom: titre(connu), accord: premiere(saisie, "accord_rue") === "oui" },
    choix: {
      sexe: avecNonRenseigne(choix("sexe", valeurs.sexe)),
      conventions: existante ? [] : choixConventions(contexte, valeurs.convention),
      modalites: existante ? [] : choix("modalite", valeurs.modalite),
      erreur: existante ? changementOuErreur(saisie) : [],
    },
    champs: chapitres(champs, valeurs, erreurs, contexte),
    action: existante ? `/dossiers/${existante.id}/modifier` : "/personnes/nouvelle",
    titre_page: existante ? "Modifier la situation" : "Nouvelle personne",
    brouillon: cleBrouillon("personne", (existante ?? connu)?.id ?? "nouvelle", saisie),
    caches: [
      ...cacher(neufs, saisie, contexte, {
        remplace: premiere(saisie, "remplace"),
        date_effet: noteLe(existante, saisie, erreurs),
        base: existante ? versionMontree(existante, saisie) : "",
        connu: connu?.id,
      }),
      ...(existante ? [...listesVides(champs), ...deLErreur] : []),
    ],
  };
}

/** Ce que le formulaire sait déjà de quelqu'un de connu de la rue. */
export const depuisLaRue = (connu, { aujourd_hui: orienteeLe, reference }) => ({
  pseudonymes: [titre(connu)],
  sexe: valeurDeFeuille(connu, "sexe") ?? "",
  convention: reference.conventions.find(({ code }) => code === orientation())?.code ?? "",
  orientee_le: orienteeLe,
});

/** Ce que montre le formulaire pendant que l'on tape ; ce qui a été montré (`vues`) n'est pas redemandé à l'envoi. */
export function enTapant(ressemblances, connues) {
  const noms = new Map(connues.map((connue) => [connue.id, nomAffiche(connue)]));
  return {
    ressemblances: ressemblances.map((vue) => ({ ...vue, nom: noms.get(vue.id) ?? "Personne connue" })),
    vues: ressemblances.map(({ id }) => id).join(" "),
    a_confirmer: false,
  };
}

// Corriger une création n’en change pas le jour ; une date refusée, qui ne se voit pas ici, ne revient pas.
const noteLe = (existante, saisie, erreurs) =>
  existante || Object.hasOwn(erreurs, "date_effet") ? "" : premiere(saisie, "date_effet");

function changementOuErreur(saisie) {
  const erreur = premiere(saisie, "erreur") === "oui";
  return [
    { code: "non", libelle: "A changé", choisi: !erreur },
    { code: "oui", libelle: "Était une erreur", choisi: erreur },
  ];
}

// Une erreur se corrige à chacune des dates où elle avait pris effet : un identifiant pour chaque date de plus.
function pourUneErreur(existante, saisie, contexte) {
  const gardes = cases(saisie ?? {}, "op_id_erreur");
  const effets = new Set(Object.values(existante.historique ?? {}).flat().map(([effet]) => effet));
  const ids = gardes.length ? gardes : Array.from(effets, () => contexte.nouvel_identifiant());
  return ids.map((valeur) => ({ nom: "op_id_erreur", valeur }));
}

// Des cases toutes décochées n'envoient rien : ce champ caché dit que la liste était là.
const listesVides = (champs) =>
  champs.filter((champ) => champ.genre === "codes").map((champ) => ({ nom: champ.nom, valeur: "" }));

const estAuFormulaire = (champ, contexte) =>
  estLisible(champ, contexte.utilisateur.role) && champ.telephone === "oui" && !A_PART.has(champ.nom);

function chapitres(champs, valeurs, erreurs, contexte) {
  const { groupes_champs: titres, a_confirmer } = donnees();
  // Qui choisit un libellé n'a pas à le confirmer ; le chef de service, si.
  const aConfirmer = contexte.utilisateur.role === "chef_de_service" ? a_confirmer : [];
  return Object.entries(titres)
    .map(([groupe, titre]) => ({
      groupe: titre,
      champs: champs
        .filter((champ) => champ.groupe === groupe)
        .map((champ) => ({
          nom: champ.nom,
          libelle: champ.libelle,
          genre: FORMES[champ.genre] ?? "texte",
          valeur: ["code", "codes", "booleen"].includes(champ.genre) ? "" : valeurs[champ.nom],
          choix: choixDe(champ, valeurs[champ.nom]),
          aide: aConfirmer.includes(champ.liste) ? "Libellés à confirmer." : AIDES[champ.genre] ?? null,
        })),
    }))
    .filter((chapitre) => chapitre.champs.length)
    .map(({ groupe, champs: siens }) => ({ groupe, ouvert: siens.some(({ nom }) => Object.hasOwn(erreurs, nom)), champs: siens }));
}

function choixDe(champ, actuelle) {
  if (champ.genre === "booleen") {
    return avecNonRenseigne(OUI_NON.map(([code, libelle]) => ({ code, libelle, choisi: code === actuelle })));
  }
  const choisis = champ.liste ? choix(champ.liste, actuelle) : [];
  return champ.genre === "code" ? avecNonRenseigne(choisis) : choisis;
}

// Une réponse donnée par erreur se reprend : rien n'est choisi tant que rien n'est renseigné.
const avecNonRenseigne = (possibles) => [
  ...possibles,
  { code: "", libelle: "Non renseigné", choisi: !possibles.some(({ choisi }) => choisi) },
];

function lignes(champ, valeurs, erreurs) {
  const connues = valeurs[champ];
  const libelles = valeurs[`${champ}_libelle`] ?? [];
  const remplies = connues.filter(Boolean).length;
  const total = Math.min(LIGNES[champ], Math.max(connues.length, remplies + VIERGES));
  const premier = valeurs[`${champ}_premier`];
  return Array.from({ length: total }, (_, rang) => {
    const nom = rang ? `${champ}_${rang}` : champ;
    return {
      rang: String(rang),
      champ: nom,
      valeur: connues[rang] ?? "",
      libelle: libelles[rang] ?? "",
      connue: Boolean(connues[rang]),
      premiere: premier ? premier === String(rang) : rang === 0,
      retiree: valeurs[`${champ}_retirer`].includes(String(rang)),
      erreur: erreurs[nom] || "",
    };
  });
}

// Les mêmes que ceux de l'enregistrement ; un formulaire vierge n'a rien à se faire dire.
const avertissementsDe = (existante, contexte, saisie, valeurs) =>
  saisie === null && existante === null ? sansPlace(contexte) : lirePersonne(saisie ?? valeurs, contexte, existante).avertissements;

function valeursConnues(existante, contexte) {
  const jour = contexte.aujourd_hui;
  const valeurs = {};
  for (const champ of catalogue().values()) {
    valeurs[champ.nom] = enSaisie(champ, existante ? valeur(existante, champ.nom, jour) : null);
  }
  const telephones = existante ? valeur(existante, "telephones", jour) ?? [] : [];
  const precision = existante?.naissance_precision ?? null;
  const exacte = precision === null || precision === "jour";
  const naissance = existante?.date_naissance || "";
  return {
    ...valeurs,
    ...Object.fromEntries(MESURE.map((champ) => [champ, ""])),
    telephones: telephones.map(({ numero }) => grouper(numero)),
    telephones_libelle: telephones.map((telephone) => telephone.libelle || ""),
    pseudonymes: [...(existante?.pseudonymes ?? [])],
    ...Object.fromEntries(Object.keys(LIGNES).flatMap((champ) => [[`${champ}_retirer`, ""], [`${champ}_premier`, ""]])),
    date_naissance: exacte ? naissance : "",
    annee_naissance: exacte ? "" : naissance.slice(0, 4),
    naissance_estimee: precision === "estimee" ? "oui" : "",
    date_effet: existante ? jour : "",
    confirme: "",
  };
}

function enSaisie(champ, donnee) {
  if (champ.genre === "codes") return [...(donnee ?? [])];
  if (donnee === null) return "";
  if (champ.genre === "booleen") return donnee ? "oui" : "non";
  if (champ.genre === "commune") return donnee.nom;
  if (champ.genre === "mois") return `${donnee.slice(5, 7)}/${donnee.slice(0, 4)}`;
  return String(donnee);
}

function retapees(saisie) {
  const valeurs = {};
  for (const champ of catalogue().values()) {
    valeurs[champ.nom] = champ.genre === "codes" ? cases(saisie, champ.nom) : premiere(saisie, champ.nom);
  }
  for (const champ of [...EN_TETE, ...MESURE, ...PLI, "date_effet", "confirme"]) valeurs[champ] = premiere(saisie, champ);
  for (const champ of Object.keys(LIGNES)) {
    valeurs[champ] = cases(saisie, champ);
    valeurs[`${champ}_retirer`] = cases(saisie, `${champ}_retirer`);
    valeurs[`${champ}_premier`] = premiere(saisie, `${champ}_premier`);
  }
  valeurs.telephones_libelle = cases(saisie, "telephones_libelle");
  return valeurs;
}
