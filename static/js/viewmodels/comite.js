// Mes comités, la liste de l'un, une situation à décider : miroir de app/viewmodels/comite.py.
import { titre, valeur } from "../domain/cahier.js";
import * as reunion from "../domain/comite.js";
import { jourLong, jourProche, majuscule, quantite } from "../domain/francais.js";
import { libelle } from "../domain/nomenclatures.js";
import { DECISION } from "../domain/saisie/comite.js";
import { trierPar } from "./contexte.js";
import { dejaNotee, page } from "./feuille.js";
import { cacher, cleBrouillon, premiere, versionMontree } from "./formulaires.js";

const EXTRAIT = 120;

// Passé son terme, un comité ne se lit plus ici, réseau ou non.
export const comitesDe = (cahiers, jour) =>
  cahiers.filter((tenu) => tenu.cahier.genre === "comite" && reunion.jusquAu(reunion.jour(tenu)) >= jour);

export function comites(cahiers, { aujourd_hui: jour }) {
  const siens = trierPar(comitesDe(cahiers, jour), (tenu) => [reunion.jour(tenu), tenu.cahier.id]);
  const lignes = (gardes) => gardes.map((tenu) => ligne(tenu, jour));
  return {
    a_venir: lignes(siens.filter((tenu) => reunion.jour(tenu) >= jour)),
    passes: lignes(siens.filter((tenu) => reunion.jour(tenu) < jour).reverse()),
  };
}

const ligne = (tenu, jour) => ({
  url: `/comites/${tenu.cahier.id}`,
  titre: tenu.cahier.nom,
  quand: majuscule(jourProche(reunion.jour(tenu), jour)),
  avec: tenu.cahier.valeurs.avec ?? null,
  quoi: comptes(tenu),
});

function comptes(tenu) {
  const toutes = reunion.situations(tenu);
  const decidees = toutes.filter(reunion.estDecidee).length;
  const reste = toutes.length - decidees;
  return [
    quantite(toutes.length, "situation"),
    ...(decidees ? [quantite(decidees, "décidée")] : []),
    ...(reste && decidees ? [`${reste} à voir`] : []),
  ];
}

export function comite(tenu, contexte) {
  const { id, nom, valeurs } = tenu.cahier;
  const toutes = reunion.situations(tenu);
  const aVoir = toutes.filter((une) => !reunion.estDecidee(une));
  const decidees = toutes.filter(reunion.estDecidee);
  return {
    titre_page: nom,
    quand: majuscule(jourLong(reunion.jour(tenu), contexte.aujourd_hui)),
    avec: valeurs.avec ?? null,
    consignes: valeurs.consignes ?? null,
    comptes: comptes(tenu),
    a_voir: aVoir.map((une) => vueDe(une, contexte)),
    decidees: decidees.map((une) => vueDe(une, contexte)),
    url_ajouter: `/comites/${id}/situation`,
    url_suite: aVoir.length ? urlDe(aVoir[0]) : null,
    commence: decidees.length > 0,
  };
}

const urlDe = ({ id }) => `/situations/${id}/modifier`;

const vueDe = (une, contexte) => ({
  url: urlDe(une),
  nom: titre(une),
  decision: valeur(une, "decision"),
  suite: suite(une, contexte),
  sans_dossier: !valeur(une, "dossier_id"),
  changee: une.revisions.some(({ champs }) => Boolean(champs.decision)),
  envoi: une.envoi ?? null,
});

export function suite(une, contexte) {
  const pour = valeur(une, "pour_le");
  const mots = [libelle("qui_suit", valeur(une, "suivi_par")), valeur(une, "suivi_precis"), pour && `pour le ${jourLong(pour, contexte.aujourd_hui)}`];
  return majuscule(mots.filter(Boolean).join(", "));
}

export function situation(tenu, contexte, existante = null, saisie = null, erreurs = {}, dossiers = []) {
  const valeurs = existante?.valeurs ?? {};
  const noms = valeurs.dossier_id ? DECISION : ["nom", ...DECISION];
  const vue = page("situation", { cahier: tenu, contexte, saisie, erreurs }, [["", noms]], valeurs);
  const remplace = premiere(saisie, "remplace");
  const id = existante?.id ?? premiere(saisie, "entite");
  const sien = `/comites/${tenu.cahier.id}`;
  return {
    ...vue,
    ...autour(tenu, existante),
    prepare: existante?.resume ?? null,
    prepare_le: existante?.resume ? `Préparé ${leJour(existante.resume.le, contexte)}` : null,
    url_dossier: dossiers.some((un) => un.id === valeurs.dossier_id) ? `/dossiers/${valeurs.dossier_id}` : null,
    dossiers: existante ? [] : aDesigner(tenu, vue.f, dossiers),
    retour: sien,
    action: existante || remplace ? `/situations/${id}/modifier` : `${sien}/situation`,
    bouton: boutonDe(tenu, existante),
    brouillon: cleBrouillon("situation", existante?.id ?? tenu.cahier.id, saisie),
    caches: cacher(existante ? ["op_id"] : ["op_id", "entite"], saisie, contexte, {
      remplace,
      base: existante ? versionMontree(existante, saisie) : "",
    }),
    ...(existante ? deja(existante, tenu, contexte) : {}),
    envoi_fiche: existante?.envoi ?? null,
  };
}

function deja(existante, tenu, contexte) {
  const notee = dejaNotee(existante, tenu, contexte);
  return { ...notee, retrait: notee.retrait && { ...notee.retrait, ...emporte(existante) } };
}

// Ce que la retirer emporte, et le bouton qui le dit.
function emporte(situation) {
  const decision = valeur(situation, "decision");
  const dou = valeur(situation, "dossier_id") ? "le relevé et le dossier" : "le relevé";
  const perdu = decision ? ` Ce qui en est décidé quittera ${dou}\u202f: «\u202f${debut(decision)}\u202f»` : "";
  return { aide: `Elle restera au comité, avec ce motif.${perdu}`, bouton: decision ? "Retirer, avec sa décision" : "Retirer" };
}

// De quoi reconnaître ce qui est écrit.
function debut(texte) {
  const signes = [...texte.split(/\s+/).filter(Boolean).join(" ")];
  return signes.length <= EXTRAIT ? signes.join("") : `${signes.slice(0, EXTRAIT).join("").trimEnd()}…`;
}

// Ceux que l'on tient, et qui ne sont pas déjà dans la liste.
function aDesigner(tenu, f, dossiers) {
  const deja = reunion.dossiers(tenu);
  return dossiers.filter(({ id }) => !deja.includes(id)).map((un) => ({ ...un, choisi: un.id === premiere(f, "dossier_id") }));
}

function autour(tenu, existante) {
  const toutes = reunion.situations(tenu);
  const rang = toutes.findIndex((une) => une.id === existante?.id);
  const { nom } = tenu.cahier;
  return {
    titre_page: existante ? titre(existante) : "Une situation de plus",
    surtitre: rang < 0 ? nom : `${nom}, ${rang + 1} sur ${toutes.length}`,
    avant: aCote(toutes[rang - 1]),
    apres: rang < 0 ? null : aCote(toutes[rang + 1]),
  };
}

const aCote = (une) => (une ? { id: une.id, url: urlDe(une), nom: titre(une) } : null);

function leJour(jour, { aujourd_hui: aujourdHui }) {
  const proche = jourProche(jour, aujourdHui);
  return ["hier", "aujourd’hui", "demain"].includes(proche) ? proche : `le ${proche}`;
}

// Une décision notée mène à la prochaine situation à voir ; corrigée, ou la dernière, à la liste.
const suivante = (tenu, existante) => (reunion.estDecidee(existante) ? null : reunion.ensuite(tenu, existante));

function boutonDe(tenu, existante) {
  if (!existante) return "Ajouter cette situation";
  if (reunion.estDecidee(existante)) return "Enregistrer";
  return suivante(tenu, existante) ? "Noter, et passer à la suivante" : "Noter la décision";
}

export function vers(tenu, existante) {
  const apres = existante && suivante(tenu, existante);
  return apres ? urlDe(apres) : `/comites/${tenu.cahier.id}`;
}
