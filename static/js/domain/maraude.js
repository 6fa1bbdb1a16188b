// Une maraude : miroir de app/domain/maraude.py.
import { citant, feuillesDe, jour, valeur } from "./cahier.js";
import { ajouterJours, heureParis, jourParis } from "./dates.js";
import { cle } from "./recherche.js";

export const DEPART = ["le", "debut", "equipe", "moyen", "avec", "secteur_precis"];
export const RETOUR = ["fin", "manque", "transmission"];
export const NOUVEAU = ["pseudonyme", "reperes", "sexe", "age"];
export const COMPTES = ["adultes", "mineurs", "chiens", "femmes", "hommes"];
export const GARDE_MOIS = 12;
// D'une semaine à l'autre, passé minuit compris : l'équipe qui sort le même soir la lit encore.
export const GARDE_POSITION_JOURS = 8;
const MIDI = "12:00";

// Pas rentrée, et partie ce jour, ou la veille tant qu'il n'est pas midi : passé minuit, c'est la même nuit ; un retour oublié ne se donne
// pas à reprendre à l'équipe du lendemain.
export function estEnCours(maraude, maintenant) {
  if (valeur(maraude, "fin")) return false;
  return nuitDe(maintenant) <= (jour(maraude) ?? "");
}

// Le jour où a pu partir l'équipe qui est dehors.
const nuitDe = (maintenant) => ajouterJours(jourParis(maintenant), heureParis(maintenant) < MIDI ? -1 : 0);

// Celles où l'on n'est pas encore parti, la prochaine d'abord ; la nuit passée, elles se taisent.
export const prevues = (cahier, maintenant) => feuillesDe(cahier, "prevue").filter((prevue) => nuitDe(maintenant) <= (jour(prevue) ?? ""));

export const estPourCeSoir = (prevue, maintenant) => nuitDe(maintenant) <= (jour(prevue) ?? "") && (jour(prevue) ?? "") <= jourParis(maintenant);

// Quelqu'un est dehors cette nuit : l'écran se fait sombre, et ne s'éteint pas.
export const veille = (cahier, maintenant) => feuillesDe(cahier, "maraude").some((une) => estEnCours(une, maintenant));

// Par clés de même longueur, comparées comme des textes.
const ranger = (elements, cle) =>
  elements.map((element) => [cle(element), element]).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, element]) => element);

export const maraudes = (cahier) =>
  ranger(feuillesDe(cahier, "maraude"), (une) => `${jour(une) ?? ""} ${valeur(une, "debut") ?? ""} ${une.id}`).reverse();

// Partis le soir, une heure du matin est du lendemain ; vingt heures vingt-cinq, avant l'heure notée du départ, non.
export const apresMinuit = (heure, depart) => Boolean(heure && depart) && heure < MIDI && depart >= MIDI;

// Dans l'ordre de la nuit : minuit et demi vient après vingt-trois heures.
export function rencontres(cahier, maraude) {
  const depart = valeur(maraude, "debut");
  return ranger(citant(cahier, "rencontre", "maraude_id", maraude.id), (une) => {
    const heure = valeur(une, "heure") ?? "";
    return `${apresMinuit(heure, depart) ? 1 : 0} ${heure} ${une.id}`;
  });
}

// Les maraudes retirées où il reste des rencontres : un autre téléphone a pu y noter avant de le savoir.
export const aRanger = (cahier) =>
  ranger((cahier.feuilles ?? []).filter(({ forme, retiree_le: retiree }) => forme === "maraude" && retiree), ({ id }) => id)
    .map((maraude) => [maraude, rencontres(cahier, maraude).length])
    .filter(([, nombre]) => nombre);

const joursDes = (cahier) => new Map(feuillesDe(cahier, "maraude").map((maraude) => [maraude.id, jour(maraude) ?? ""]));

export function rencontresDe(cahier, connu) {
  const jours = joursDes(cahier);
  const datees = citant(cahier, "rencontre", "connu_id", connu.id)
    .map((rencontre) => [jours.get(valeur(rencontre, "maraude_id")), rencontre])
    .filter(([le]) => le !== undefined);
  return ranger(datees, ([le, { note_le: noteLe, id }]) => `${le} ${noteLe} ${id}`).reverse();
}

export function personnes(rencontre) {
  const [adultes, mineurs, , femmes, hommes] = COMPTES.map((nom) => valeur(rencontre, nom) ?? 0);
  return Math.max(adultes + mineurs, femmes + hommes, valeur(rencontre, "connu_id") ? 1 : 0);
}

export function connus(cahier) {
  const jours = joursDes(cahier);
  const vus = new Map();
  for (const rencontre of feuillesDe(cahier, "rencontre")) {
    const [qui, le] = [valeur(rencontre, "connu_id"), jours.get(valeur(rencontre, "maraude_id"))];
    if (!qui || le === undefined) continue;
    const quand = [le, rencontre.note_le];
    if (!vus.has(qui) || vus.get(qui).join(" ") < quand.join(" ")) vus.set(qui, quand);
  }
  const paires = feuillesDe(cahier, "connu").map((connu) => [connu, vus.get(connu.id) ?? ["", connu.note_le]]);
  return ranger(paires, ([connu, [le, noteLe]]) => `${le} ${noteLe} ${connu.id}`)
    .reverse()
    .map(([connu, [le]]) => [connu, le || null]);
}

// Ceux que l'équipe du secteur connaît déjà sous ce nom.
export function homonymes(cahier, pseudonyme) {
  const nom = cle(pseudonyme ?? "");
  return feuillesDe(cahier, "connu").filter((connu) => nom && cle(valeur(connu, "pseudonyme") ?? "") === nom);
}

// Quelqu'un de connu que l'on peut nommer : retiré, son nom ne se lit plus au fil des nuits.
export const nomme = (cahier, identifiant) => feuillesDe(cahier, "connu").find(({ id }) => id === identifiant) ?? null;

// Ceux d'une nuit ; retirée, elle ne compte plus.
export const comptes = (cahier, { id }) => tousLesComptes(cahier)[id] ?? compter([], [], new Set());

// La seule définition, en un passage : une personne est nouvelle la nuit de sa première rencontre, connue les suivantes.
export function tousLesComptes(cahier) {
  const siennes = new Map(maraudes(cahier).reverse().map(({ id }) => [id, []]));
  for (const rencontre of feuillesDe(cahier, "rencontre")) siennes.get(valeur(rencontre, "maraude_id"))?.push(rencontre);
  const deja = new Set();
  return Object.fromEntries(
    [...siennes].map(([id, faites]) => {
      const vues = [...new Set(faites.map((une) => valeur(une, "connu_id")).filter(Boolean))];
      const compte = compter(faites, vues, deja);
      for (const qui of vues) deja.add(qui);
      return [id, compte];
    }),
  );
}

function compter(faites, vues, deja) {
  const donne = {};
  for (const code of faites.flatMap((une) => valeur(une, "donne") ?? [])) donne[code] = (donne[code] ?? 0) + 1;
  const connues = vues.filter((qui) => deja.has(qui)).length;
  return {
    rencontres: faites.length,
    personnes: faites.reduce((somme, une) => somme + personnes(une), 0),
    connues,
    nouvelles: vues.length - connues,
    donne,
  };
}
