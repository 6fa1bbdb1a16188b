// Ce qu'un dossier dit des rencontres de la rue : miroir de app/viewmodels/rattachement.py.
import { ACCOMPAGNANTS } from "#jalon/permissions";
import { titre } from "../domain/cahier.js";
import { ajouterMois } from "../domain/dates.js";
import { dateChiffree, jourLong, minuscule } from "../domain/francais.js";
import { GARDE_MOIS, veille } from "../domain/maraude.js";
import { choix, libelle } from "../domain/nomenclatures.js";
import { nomAffiche } from "../domain/personne.js";
import { enTete, sexe } from "./contexte.js";
import { cacher, cleBrouillon, premiere, resume } from "./formulaires.js";

const ORDRE = ["accord", "etendue", "accord_le"];
// Ce qui s'ajoute aux jours, et la liste qui le dit.
const AIDE = Object.entries({
  besoins: ["Demandé", "besoin_rue"],
  donne: ["Donné", "donne_rue"],
  propose: ["Proposé", "orientation_rue"],
  accepte: ["Accepté", "orientation_rue"],
  refuse: ["Refusé", "orientation_rue"],
});
const MONTREES = 3;

export function rattachements(personne, contexte) {
  const jour = contexte.aujourd_hui;
  const depuis = ajouterMois(jour, -GARDE_MOIS);
  const mot = sexe(personne, contexte) === "homme" ? "Rencontré" : "Rencontrée";
  return (personne.rattachements ?? []).map(({ id, etendue, accord_le: le, rencontres, envoi }) => {
    const jours = rencontres
      .filter((rencontre) => rencontre.le >= depuis)
      .map((rencontre) => ({ quand: `${mot} le ${jourLong(rencontre.le, jour)}`, quoi: aide(rencontre) }));
    return {
      accord: `Avec son accord du ${dateChiffree(le)}\u202f: ${minuscule(libelle("etendue_rattachement", etendue))}.`,
      jours: jours.slice(0, MONTREES),
      autres: jours.slice(MONTREES),
      envoi: envoi ?? null,
      detacher: estRefuse({ envoi }) ? null : { url: `/dossiers/${personne.id}/rattachements/${id}/detacher`, op_id: contexte.nouvel_identifiant() },
    };
  });
}

const aide = (rencontre) =>
  AIDE.filter(([champ]) => rencontre[champ]?.length).map(
    ([champ, [mot, liste]]) => `${mot}\u202f: ${rencontre[champ].map((code) => minuscule(libelle(liste, code))).join(", ")}`,
  );

// Refusé par le serveur, il ne tient à rien : il se reprend par Envoi, et n'a rien à détacher.
const estRefuse = ({ envoi }) => envoi === "refusee";

export const dossierDe = ({ id }, personnes) =>
  personnes.find(({ rattachements: siens }) => siens?.some((un) => un.connu_id === id && !estRefuse(un))) ?? null;

export function suites(connu, personnes, contexte) {
  const sienne = dossierDe(connu, personnes);
  const aFaire = !sienne && !connu.retiree_le && ACCOMPAGNANTS.includes(contexte.utilisateur.role);
  return {
    dossier: sienne && { nom: nomAffiche(sienne), url: `/dossiers/${sienne.id}` },
    url_rattacher: aFaire ? `/connus/${connu.id}/rattacher` : null,
    url_orienter: aFaire ? `/personnes/nouvelle?connu=${connu.id}` : null,
  };
}

export const aQuelDossier = (cahier, connu, contexte) => ({
  veille: veille(cahier, contexte.maintenant),
  pour: { nom: titre(connu), question: "À quel dossier\u202f?", url: `/connus/${connu.id}` },
  nouvelle: `/personnes/nouvelle?connu=${connu.id}`,
});

export function rattacher(cahier, connu, dossier, contexte, saisie = null, erreurs = {}) {
  const f = Object.fromEntries(ORDRE.map((champ) => [champ, premiere(saisie, champ)]));
  if (!saisie) f.accord_le = contexte.aujourd_hui;
  const url = `/connus/${connu.id}`;
  return {
    veille: veille(cahier, contexte.maintenant),
    f,
    erreurs,
    resume_erreurs: resume(erreurs, ORDRE),
    dossier: enTete(dossier),
    connu: { nom: titre(connu), secteur: cahier.cahier.nom, url },
    etendues: choix("etendue_rattachement", f.etendue),
    action: `${url}/rattacher`,
    brouillon: cleBrouillon("rattachement", connu.id, saisie),
    caches: cacher(["op_id", "entite"], saisie, contexte, { dossier: dossier.personne.id }),
  };
}
