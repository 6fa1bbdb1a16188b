// Après une absence sans nouvelles : miroir de app/viewmodels/absence.py.
import { TERRAIN } from "#jalon/permissions";

import { parcoursDeRelances, sansNouvelles } from "../domain/assiduite.js";
import { ajouterJours, heureParis, jourParis } from "../domain/dates.js";
import { forme } from "../domain/formes.js";
import { heure, jourLong, quantieme, quantite } from "../domain/francais.js";
import { ouvreAuPlusTot } from "../domain/jours_ouvres.js";
import { conventionAu } from "../domain/mesure.js";
import { choix, libelle } from "../domain/nomenclatures.js";
import { valeur } from "../domain/personne.js";
import { valeur as valeurDe } from "../domain/piece.js";
import { grouper } from "./en_mots.js";
import { rendezVous as proposition } from "./rendez_vous.js";

const SANS_CADENCE_JOURS = 7;

const enCaches = (valeurs) => Object.entries(valeurs).map(([nom, lu]) => ({ nom, valeur: lu }));

export function absence(dossier, contexte) {
  const manque = sansNouvelles(dossier, contexte.maintenant);
  if (!manque || !TERRAIN.includes(contexte.utilisateur.role)) return null;
  const { rendez_vous: rendezVous, prochain, nombre, depuis, relances } = manque;
  const { aujourd_hui: jour, nouvel_identifiant: neuf } = contexte;
  const mesure = dossier.mesures.find(({ id }) => id === rendezVous.mesure_id);
  const suite = parcoursDeRelances(conventionAu(contexte.reference.conventions, mesure.convention, jour), manque);
  return {
    compte: `${quantite(nombre, "absence")} sans nouvelles${depuis ? ` depuis l’entretien du ${quantieme(depuis, jour)}` : ""}.`,
    nouvelle_date: prochain && momentEntier(prochain.debut, jour),
    proposer: prochain ? null : proposer(dossier, rendezVous, contexte),
    sms: sms(dossier, rendezVous, prochain, jour),
    faites: relances.map((piece) => relanceEnMots(piece, jour)),
    relance: {
      caches: enCaches({
        dossier: dossier.personne.id,
        op_id: neuf(),
        entite: neuf(),
        forme: "relance",
        mesure_id: mesure.id,
        rendez_vous_id: rendezVous.id,
        le: jour,
      }),
      moyens: choix("moyen_relance", ""),
    },
    suite: suite.map(({ quoi, apres, faite }) => ({
      texte: `${forme(quoi)?.libelle ?? libelle("moyen_relance", quoi)}, après ${quantite(apres, "absence")}`,
      faite,
    })),
    excuser: {
      url: `/rendez-vous/${rendezVous.id}/constat`,
      caches: enCaches({ op_id: neuf(), base: rendezVous.version ?? null, retour: `/dossiers/${dossier.personne.id}` }),
    },
  };
}

export const momentEntier = (debut, jour) => `${jourLong(jourParis(debut), jour)} à ${heure(heureParis(debut))}`;

function proposer(dossier, manque, contexte) {
  const { f, caches } = proposition(dossier, contexte);
  const { mesure_id, duree, lieu } = manque;
  const [demain, semaine] = [1, SANS_CADENCE_JOURS].map((jours) => ouvreAuPlusTot(ajouterJours(contexte.aujourd_hui, jours)));
  const voulue = f.date || semaine;
  return {
    // Le temps de la prévenir : jamais le jour même.
    date: voulue > demain ? voulue : demain,
    heure: heureParis(manque.debut),
    lieu,
    caches: [...caches, ...enCaches({ mesure_id, duree: String(duree || ""), lieu: lieu || "" }).filter(({ valeur: lu }) => lu)],
  };
}

// Un message qui ne dit ni le service, ni pourquoi : des dates, et rien qu'un autre apprendrait en le lisant.
function sms({ personne }, manque, prochain, jour) {
  const [premier] = valeur(personne, "telephones", jour) ?? [];
  if (!premier) return null;
  const suite = prochain
    ? `Je vous propose ${momentEntier(prochain.debut, jour)}.`
    : "Pouvez-vous me dire quand vous seriez disponible\u202f?";
  const texte = `Bonjour, nous n’avons pas pu nous voir ${jourLong(jourParis(manque.debut), jour)}. ${suite} Merci.`;
  return {
    affiche: grouper(premier.numero),
    libelle: premier.libelle ?? null,
    lien: lienSms(premier.numero, texte),
  };
}

export const lienSms = (numero, texte) =>
  `sms:${numero}?&body=${encodeURIComponent(texte.replace(/[\u202f\u00a0]/g, " ").replaceAll("’", "'"))}`;

function relanceEnMots(piece, jour) {
  const moyen = libelle("moyen_relance", valeurDe(piece, "moyen"));
  const le = valeurDe(piece, "le");
  return { texte: le ? `${moyen}, ${quantieme(le, jour)}` : moyen, url: `/pieces/${piece.id}`, envoi: piece.envoi ?? null };
}
