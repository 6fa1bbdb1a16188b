// Les actions collectives que l'on tient, une action, la feuille de présence : miroir de app/viewmodels/action.py.
import { LECTEURS_DES_SYNTHESES } from "#jalon/permissions";
import { estArchive, estEnBinome } from "../domain/acces.js";
import * as domaine from "../domain/action.js";
import * as tenu from "../domain/cahier.js";
import { identifiantTire } from "../domain/feuilles.js";
import { heure, jourCourt, jourLong, majuscule, minuscule, quantieme, quantite } from "../domain/francais.js";
import { choix, libelle } from "../domain/nomenclatures.js";
import { SANS_NOM } from "../domain/oubli.js";
import { cleDeTri, nomAffiche } from "../domain/personne.js";
import { cle } from "../domain/recherche.js";
import { plusGrave, sexe, trierPar } from "./contexte.js";
import { retiree } from "./feuille.js";
import { cacher, cleBrouillon, premiere, resume, versionMontree } from "./formulaires.js";

const { valeur } = tenu;
const SUR_PLACE = "venue sans être inscrite";
const garder = (mots) => mots.filter(Boolean);

export function actions(cahiers, contexte) {
  const { aujourd_hui: jour } = contexte;
  const rang = (cahier) => {
    const suivante = domaine.prochaine(cahier, jour);
    const { nom, id } = cahier.cahier;
    return [tenu.estFerme(cahier, jour) ? "1" : "0", (suivante && tenu.jour(suivante)) || "9", cle(nom), id];
  };
  return { actions: trierPar(domaine.actionsDe(cahiers), rang).map((cahier) => apercu(cahier, contexte)) };
}

function apercu(cahier, contexte) {
  const { aujourd_hui: jour } = contexte;
  const fermee = tenu.estFerme(cahier, jour);
  const suivante = fermee ? null : domaine.prochaine(cahier, jour);
  return {
    url: adresse(cahier),
    nom: cahier.cahier.nom,
    quoi: [...avec(cahier), inscritsEnMots(cahier, jour)],
    prochaine: suivante && { url: `/seances/${suivante.id}`, titre: titre(suivante, contexte) },
    fermee,
  };
}

export const adresse = ({ cahier }) => `/actions/${cahier.id}`;

const avec = ({ cahier: { valeurs } }) => (valeurs.partenaire ? [`avec ${valeurs.partenaire}`] : []);

function inscritsEnMots(cahier, jour) {
  const { places } = cahier.cahier.valeurs;
  const inscrits = domaine.inscriptions(cahier).filter((une) => domaine.estInscrite(une, jour)).length;
  return quantite(inscrits, "inscrit") + (places ? ` pour ${quantite(places, "place")}` : "");
}

export function titre(seance, { aujourd_hui: jour }) {
  const heures = garder([valeur(seance, "debut"), valeur(seance, "fin")]).map(heure).join(" – ");
  return majuscule(jourLong(valeur(seance, "le"), jour)) + (heures ? `, ${heures}` : "");
}

export function action(cahier, contexte) {
  const { aujourd_hui: jour } = contexte;
  const { nom, valeurs } = cahier.cahier;
  const url = adresse(cahier);
  const fermee = tenu.estFerme(cahier, jour);
  const suivante = domaine.prochaine(cahier, jour);
  const toutes = domaine.seances(cahier);
  const inscrits = domaine.inscriptions(cahier);
  const lignes = (gardees) => gardees.map((une) => ligne(une, cahier, contexte));
  const gens = (gardes) => gardes.map((un) => inscrit(un, cahier, contexte));
  return {
    nom,
    quoi: [...avec(cahier), ...calendrier(valeurs, jour), inscritsEnMots(cahier, jour)],
    consignes: valeurs.consignes ?? null,
    fermee,
    prochaine: suivante && ligne(suivante, cahier, contexte),
    a_venir: lignes(toutes.filter((une) => (tenu.jour(une) ?? "") >= jour && une.id !== suivante?.id)),
    passees: lignes(toutes.filter((une) => (tenu.jour(une) ?? "") < jour).reverse()),
    inscrits: gens(inscrits.filter((un) => !valeur(un, "fini_le"))),
    partis: gens(inscrits.filter((un) => valeur(un, "fini_le"))),
    url_inscrire: fermee ? null : `${url}/inscrire`,
    url_seance: fermee ? null : `${url}/seance`,
  };
}

function calendrier({ du, au, jours = [], lieu }, jour) {
  const dits = (jours ?? []).map((code) => minuscule(libelle("jour_semaine", code))).join(", ");
  return garder([du && au && `du ${quantieme(du, jour)} au ${quantieme(au, jour)}`, dits, lieu]);
}

const ligne = (une, cahier, contexte) => ({
  url: `/seances/${une.id}`,
  titre: titre(une, contexte),
  quoi: garder([valeur(une, "theme"), valeur(une, "lieu"), presents(une, cahier)]),
  annulee: domaine.estAnnulee(une),
  envoi: une.envoi ?? null,
});

function presents(une, cahier) {
  const { attendus, notes, presents: venus } = domaine.comptes(cahier, une);
  return notes ? `${quantite(venus, "présent")} sur ${attendus}` : "";
}

function inscrit(inscription, cahier, { aujourd_hui: jour }) {
  const finiLe = valeur(inscription, "fini_le");
  const venues = tenu.citant(cahier, "presence", "inscription_id", inscription.id).filter(domaine.estPresent).length;
  return {
    url: `/inscriptions/${inscription.id}/modifier`,
    nom: tenu.titre(inscription),
    quoi: garder([
      valeur(inscription, "service"),
      valeur(inscription, "sur_place") && SUR_PLACE,
      venues && quantite(venues, "présence"),
      finiLe && `plus inscrite depuis le ${jourCourt(finiLe, jour)}`,
    ]),
    envoi: inscription.envoi ?? null,
  };
}

export function duDossier(cahiers, dossier, contexte) {
  const { personne } = dossier;
  if (estEnBinome(dossier) || !LECTEURS_DES_SYNTHESES.includes(contexte.utilisateur.role)) return [];
  const dossiers = [personne.id, ...(personne.reunis ?? [])];
  const suivis = domaine.actionsDe(cahiers).map((cahier) => ({ cahier, suivi: domaine.suivi(cahier, dossiers) }));
  const siens = trierPar(suivis.filter(({ suivi }) => suivi), ({ cahier, suivi }) => [suivi.le ?? suivi.derniere ?? "", cahier.cahier.id], -1);
  const e = sexe(personne, contexte) === "homme" ? "" : "e";
  return siens.map(({ cahier, suivi }) => sienne(cahier, suivi, e, contexte));
}

function sienne(cahier, { le, fini_le: finiLe, venues, tenues, derniere, feuilles }, e, { aujourd_hui: jour, utilisateur }) {
  const jamais = tenues ? `jamais venu${e} en ${quantite(tenues, "séance")}` : "aucune séance encore";
  return {
    nom: cahier.cahier.nom,
    quoi: garder([
      le ? `inscrit${e} le ${quantieme(le, jour)}` : `sans être inscrit${e}`,
      venues ? `venu${e} à ${quantite(venues, "séance")} sur ${tenues}` : jamais,
      derniere && `la dernière fois le ${quantieme(derniere, jour)}`,
      finiLe && `désinscrit${e} le ${quantieme(finiLe, jour)}`,
    ]),
    url: cahier.cahier.membres.includes(utilisateur.id) ? adresse(cahier) : null,
    envoi: plusGrave(feuilles.map(({ envoi }) => envoi)),
  };
}

export function inscrire(cahier, _contexte, dossiers, seanceId = "") {
  const url = `${adresse(cahier)}/inscrire`;
  const suite = seanceId ? `&seance=${seanceId}` : "";
  const pasEncore = dossiers.filter((un) => !estArchive(un) && !deja(cahier, un.personne.id, seanceId));
  const tries = trierPar(pasEncore, ({ personne }) => [cle(cleDeTri(personne))]);
  return {
    nom: cahier.cahier.nom,
    retour: seanceId ? `/seances/${seanceId}` : adresse(cahier),
    url_ailleurs: `${url}?qui=ailleurs${suite}`,
    personnes: tries.map(({ personne }) => ({ nom: nomAffiche(personne), url: `${url}?qui=${personne.id}${suite}` })),
  };
}

// Inscrite à l'action ; d'une séance, sur sa feuille : désinscrite, elle a pu y revenir.
function deja(cahier, dossier, seanceId) {
  const inscription = tenu.feuille(cahier, identifiantTire("inscription", cahier.cahier.id, { dossier_id: dossier }));
  if (!inscription || inscription.retiree_le) return false;
  const laSeance = seanceId ? tenu.feuille(cahier, seanceId) : null;
  return !laSeance || domaine.attendus(cahier, laSeance).some(({ id }) => id === inscription.id);
}

export function seance(cahier, contexte, existante, saisie = null, erreurs = {}) {
  const f = { ...saisie };
  const url = `/seances/${existante.id}`;
  const siennes = domaine.presences(cahier, existante);
  const attendus = domaine.attendus(cahier, existante);
  return {
    f,
    titre_page: titre(existante, contexte),
    surtitre: cahier.cahier.nom,
    precisions: garder([valeur(existante, "theme"), valeur(existante, "lieu")]),
    retour: adresse(cahier),
    action: url,
    brouillon: cleBrouillon("presences", existante.id, saisie),
    caches: [...cacher(["op_id"], saisie, contexte, {}), ...vus(attendus, siennes, f)],
    personnes: attendus.map((un) => personne(un, siennes.get(un.id) ?? null, f, erreurs)),
    issue: valeur(existante, "issue"),
    annulee: domaine.estAnnulee(existante),
    retiree: retiree(existante, contexte),
    envoi_fiche: existante.envoi ?? null,
    url_issue: `${url}/modifier`,
    url_imprimer: existante.retiree_le ? null : `${url}/emargement.pdf`,
    url_ajouter: `${adresse(cahier)}/inscrire?seance=${existante.id}`,
    comptes: presents(existante, cahier),
    erreurs,
    resume_erreurs: resume(erreurs, attendus.map(({ id }) => `etat-${id}`)),
  };
}

// Ce que la page montrait de chacun : ce qu'un autre en aura dit depuis n'est pas défait sans le vouloir.
function vus(attendus, siennes, f) {
  const caches = attendus.flatMap(({ id }) => {
    const presence = siennes.get(id) ?? null;
    return [
      { nom: `vu-${id}`, valeur: premiere(f, `vu-${id}`) || (presence ? valeur(presence, "etat") : "") },
      { nom: `base-${id}`, valeur: versionMontree(presence, f, `base-${id}`) },
    ];
  });
  return caches.filter((cache) => cache.valeur);
}

function personne(inscription, presence, f, erreurs) {
  const { id } = inscription;
  const choisi = premiere(f, `etat-${id}`) || (presence ? valeur(presence, "etat") : "");
  const signable = presence && domaine.estPresent(presence) && valeur(inscription, "qui") !== SANS_NOM;
  return {
    id,
    nom: tenu.titre(inscription),
    quoi: garder([valeur(inscription, "service"), valeur(inscription, "sur_place") && SUR_PLACE]),
    choix: choix("etat_presence", choisi),
    erreur: erreurs[`etat-${id}`] ?? "",
    envoi: (presence ?? inscription).envoi ?? null,
    avant: presence && avant(presence),
    signe: Boolean(presence && valeur(presence, "signature")),
    url_signer: signable ? `/presences/${presence.id}/modifier` : null,
  };
}

function avant({ revisions }) {
  const revision = (revisions ?? []).find(({ champs }) => champs.etat);
  if (!revision) return null;
  return `Avant\u202f: ${minuscule(libelle("etat_presence", revision.champs.etat))} (changé par ${revision.par_nom})`;
}
