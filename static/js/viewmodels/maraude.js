// Les maraudes d'un secteur, une maraude et son fil, une rencontre : miroir de app/viewmodels/maraude.py.
import * as tenu from "../domain/cahier.js";
import { heure, jourLong, majuscule, minuscule, quantite } from "../domain/francais.js";
import * as nuit from "../domain/maraude.js";
import { libelle } from "../domain/nomenclatures.js";
import { cle } from "../domain/recherche.js";
import { trierPar } from "./contexte.js";
import { noms, retiree } from "./feuille.js";

const { valeur } = tenu;
const DANGER = "danger";

export const maraudes = (cahiers, contexte) => ({
  veille: secteursDe(cahiers).some((cahier) => nuit.veille(cahier, contexte.maintenant)),
  secteurs: trierPar(secteursDe(cahiers), ({ cahier: { nom, id } }) => [cle(nom), id]).map((cahier) => secteur(cahier, contexte)),
});

export const secteursDe = (cahiers) => cahiers.filter(({ cahier }) => cahier.genre === "secteur");

function vuePrevue(prevue, cahierId, contexte) {
  const jour = majuscule(jourLong(valeur(prevue, "le"), contexte.aujourd_hui));
  const debut = valeur(prevue, "debut");
  const moyen = minuscule(libelle("moyen_maraude", valeur(prevue, "moyen")));
  const dits = [noms(valeur(prevue, "equipe") ?? [], contexte), valeur(prevue, "avec"), moyen, valeur(prevue, "secteur_precis")];
  return {
    titre: debut ? `${jour}, ${heure(debut)}` : jour,
    quoi: dits.filter(Boolean).join(", "),
    url_partir: nuit.estPourCeSoir(prevue, contexte.maintenant) ? `/maraudes/nouvelle?cahier=${cahierId}&prevue=${prevue.id}` : null,
    url_modifier: `/prevues/${prevue.id}/modifier`,
    envoi: prevue.envoi ?? null,
  };
}

function secteur(cahier, contexte) {
  const { id, nom, valeurs } = cahier.cahier;
  const toutes = nuit.maraudes(cahier);
  const enCours = (maraude) => nuit.estEnCours(maraude, contexte.maintenant);
  const passees = toutes.filter((maraude) => !enCours(maraude));
  // Deux équipes peuvent être sorties ce jour-là : ce que chacune laisse se lit.
  const dernieres = passees.filter((maraude) => tenu.jour(maraude) === tenu.jour(passees[0]));
  const comptes = nuit.tousLesComptes(cahier);
  const ligne = (maraude) => ligneDe(maraude, comptes, contexte);
  return {
    nom,
    perimetre: valeurs.perimetre ?? null,
    url_commencer: tenu.estFerme(cahier, contexte.aujourd_hui) ? null : `/maraudes/nouvelle?cahier=${id}`,
    url_prevoir: tenu.estFerme(cahier, contexte.aujourd_hui) ? null : `/maraudes/prevoir?cahier=${id}`,
    prevues: nuit.prevues(cahier, contexte.maintenant).map((prevue) => vuePrevue(prevue, id, contexte)),
    en_cours: toutes.filter(enCours).map(ligne),
    dernieres: dernieres.map((maraude) => ({ ...ligne(maraude), ...transmis(maraude, cahier) })),
    passees: passees.slice(dernieres.length).map(ligne),
    a_ranger: nuit.aRanger(cahier).map(([maraude, nombre]) => ({
      url: `/maraudes/${maraude.id}`,
      titre: titre(maraude, contexte),
      quoi: quantite(nombre, "rencontre"),
      envoi: maraude.envoi ?? null,
    })),
  };
}

const ligneDe = (maraude, comptes, contexte) => ({
  url: `/maraudes/${maraude.id}`,
  titre: titre(maraude, contexte),
  quoi: comptesEnMots(comptes[maraude.id]).join(", "),
  envoi: maraude.envoi ?? null,
});

export function titre(maraude, contexte) {
  const fin = valeur(maraude, "fin");
  const heures = heure(valeur(maraude, "debut")) + (fin ? ` – ${heure(fin)}` : "");
  return `${majuscule(jourLong(valeur(maraude, "le"), contexte.aujourd_hui))}, ${heures}`;
}

const transmis = (maraude, cahier) => ({
  a_revoir: nuit.rencontres(cahier, maraude).filter((une) => valeur(une, "alerte")).map((une) => ligneRencontre(une, cahier)),
  manque: valeur(maraude, "manque"),
  transmission: valeur(maraude, "transmission"),
});

const comptesEnMots = (comptes) => [
  quantite(comptes.rencontres, "rencontre"),
  ...["personnes", "connues", "nouvelles"].filter((nom) => comptes[nom]).map((nom) => quantite(comptes[nom], nom.slice(0, -1))),
];

export function bilan(maraude, cahier) {
  const comptes = nuit.comptes(cahier, maraude);
  const donne = Object.entries(comptes.donne).map(([code, fois]) => `${minuscule(libelle("donne_rue", code))} ${fois}`);
  const alertes = transmis(maraude, cahier).a_revoir.map(({ qui, alerte }) => `${qui} (${alerte.texte})`);
  return { comptes: comptesEnMots(comptes), donne: majuscule(donne.join(", ")), alertes: alertes.join(", ") };
}

export function maraude(cahier, contexte, existante) {
  const url = `/maraudes/${existante.id}`;
  const equipe = noms(valeur(existante, "equipe") ?? [], contexte);
  const moyen = libelle("moyen_maraude", valeur(existante, "moyen"));
  const ouverte = !existante.retiree_le;
  const finie = Boolean(valeur(existante, "fin"));
  return {
    nuit: titre(existante, contexte),
    secteur: cahier.cahier.nom,
    quoi: [equipe, valeur(existante, "avec"), moyen, valeur(existante, "secteur_precis")].filter(Boolean),
    finie,
    en_cours: ouverte && nuit.estEnCours(existante, contexte.maintenant),
    veille: nuit.veille(cahier, contexte.maintenant),
    retiree: retiree(existante, contexte),
    envoi_fiche: existante.envoi ?? null,
    ...bilan(existante, cahier),
    fil: nuit.rencontres(cahier, existante).reverse().map((une) => ligneRencontre(une, cahier)),
    manque: valeur(existante, "manque"),
    transmission: valeur(existante, "transmission"),
    consignes: cahier.cahier.valeurs.consignes ?? null,
    url_rencontre: ouverte ? `${url}/rencontre` : null,
    url_fin: ouverte && !finie ? `${url}/fin` : null,
    url_modifier: `${url}/modifier`,
  };
}

export function ligneRencontre(rencontre, cahier) {
  const connu = rencontre.sans_nom ? null : nuit.nomme(cahier, valeur(rencontre, "connu_id"));
  const combien = combienDe(rencontre);
  const alerte = valeur(rencontre, "alerte");
  const quoi = [
    connu && nuit.personnes(rencontre) > 1 && combien,
    valeur(rencontre, "ou"),
    animaux(rencontre),
    listeDe("donné", "donne", "donne_rue", rencontre),
    listeDe("accepté", "accepte", "orientation_rue", rencontre),
  ];
  return {
    url: `/rencontres/${rencontre.id}/modifier`,
    heure: valeur(rencontre, "heure"),
    qui: connu ? tenu.titre(connu) : majuscule(combien),
    quoi: quoi.filter(Boolean),
    position: valeur(rencontre, "position"),
    note: valeur(rencontre, "note"),
    alerte: alerte && {
      texte: minuscule(libelle("alerte_rue", alerte)),
      danger: alerte === DANGER,
      url: alerte === DANGER ? urlDanger(rencontre.id) : null,
    },
    envoi: rencontre.envoi ?? null,
  };
}

function listeDe(verbe, nom, liste, rencontre) {
  const dits = (valeur(rencontre, nom) ?? []).map((code) => minuscule(libelle(liste, code)));
  return dits.length ? `${verbe}\u202f: ${dits.join(", ")}` : null;
}

function combienDe(rencontre) {
  const dits = (...champs) =>
    champs.filter((nom) => valeur(rencontre, nom)).map((nom) => quantite(valeur(rencontre, nom), nom.slice(0, -1))).join(", ");
  return dits("adultes", "mineurs") || dits("femmes", "hommes") || "une personne";
}

export function animaux(feuille) {
  const chiens = valeur(feuille, "chiens");
  return chiens ? quantite(chiens, "chien") : null;
}

const urlDanger = (id) => `/rencontres/${id}/danger`;

// Où mène l'enregistrement : à ce qu'il faut faire, si quelqu'un est en danger.
export function suiteDe(operations, vers) {
  const alerte = operations.find(({ champs }) => champs.alerte === DANGER);
  return alerte ? urlDanger(alerte.entite) : vers;
}

export function danger(cahier, contexte, rencontre) {
  const { qui, position, heure: quand } = ligneRencontre(rencontre, cahier);
  return {
    veille: nuit.veille(cahier, contexte.maintenant),
    qui,
    ou: valeur(rencontre, "ou"),
    position,
    heure: quand,
    consignes: cahier.cahier.valeurs.consignes ?? null,
    retour: `/maraudes/${valeur(rencontre, "maraude_id")}`,
  };
}
