// Envoi : miroir de app/viewmodels/envoi.py.
import { acte as acteDeFeuille, genreDeFeuille, qui } from "../domain/cahier.js";
import { catalogue } from "../domain/champs_personne.js";
import { heureParis, jourParis } from "../domain/dates.js";
import { forme as formeDeFeuille } from "../domain/feuilles.js";
import { champ as champDe } from "../domain/formes.js";
import { heure as heureEnMots, jourProche, minuscule, quantieme, quantite } from "../domain/francais.js";
import { libelle } from "../domain/nomenclatures.js";
import { nomAffiche } from "../domain/personne.js";
import { acte, genreDePiece } from "../domain/piece.js";
import { sexe } from "./contexte.js";
import { ouverts, quoi as quoiDuDesaccord } from "./desaccord.js";
import { libelle as libelleDePiece } from "./mots_piece.js";

const CHAMPS = new Map(
  Object.entries({
    date: "Date",
    heure: "Heure",
    debut: "Date et heure",
    duree: "Durée",
    moyen: "Moyen",
    lieu: "Lieu",
    demarches: "Démarches",
    synthese: "Synthèse",
    note_personnelle: "Note personnelle",
    statut: "Issue du rendez-vous",
    convention: "Convention",
    orientee_le: "Orientation",
    entree_le: "Entrée",
    premier_contact_le: "Premier contact",
    date_effet: "Date d’effet",
    utilisateur: "Collègue",
    du: "À partir du",
    jusqu_au: "Jusqu’au",
    motif: "Pourquoi",
  }),
);

// Un geste n’a pas de formulaire à reprendre : refusé, il se refait depuis le dossier, tel qu’il est devenu.
const GESTES = new Set([
  ...["regler_desaccord", "archiver_dossier", "rouvrir_dossier", "cesser_partage", "confier_mesure"],
  ...["transmettre_note", "effacer_note", "rattacher_rencontres", "detacher_rencontres"],
]);
const CREENT = new Set(["creer_personne", "ouvrir_mesure", "proposer_rendez_vous", "noter_entretien"]);
const MODIFIENT = new Set(["modifier_personne", "modifier_mesure", "prononcer_sortie", "deplacer_rendez_vous", "modifier_entretien"]);

// Ce que l'on y a écrit de plus long.
const TEXTES = ["synthese", "note", "decision", "issue", "transmission"];
const texteDe = ({ champs }) => TEXTES.map((nom) => champs[nom] ?? null).find((dit) => dit !== null) ?? null;

export function envoi(dossiers, operations, contexte, enCours = false, appareil = null, perdus = 0, cahiers = {}) {
  const fiches = new Map();
  const refusees = [];
  for (const operation of operations) {
    const { op, etat, erreurs } = operation;
    if (etat === "refusee") {
      const dossier = dossiers[op.personne] ?? null;
      refusees.push({
        op_id: op.id,
        quoi: quoi(op, dossier, contexte),
        nom: nomDe(op, dossier, true, contexte, cahiers),
        erreurs: erreursEnMots(erreurs, op.genre),
        // Sans dossier où l'ouvrir, ce qui a été écrit ne se lit plus qu'ici.
        texte: dossier ? null : texteDe(op),
        url_corriger: GESTES.has(op.genre) ? null : urlCorriger(op, dossier, cahiers),
        url_voir: dossier && GESTES.has(op.genre) ? `/dossiers/${op.personne}` : null,
        dependantes: dependantesDe(op, operations).map((autre) => ({
          op_id: autre.id,
          quoi: quoi(autre, dossiers[autre.personne] ?? null, contexte),
        })),
        url_renoncer: `/envoi/${op.id}/renoncer`,
      });
    } else {
      fiches.set(op.entite, [...(fiches.get(op.entite) ?? []), operation]);
    }
  }
  const dernier = contexte.dernier_echange ?? null;
  return {
    attente: [...fiches.values()].map((notees) => enAttente(notees, dossiers, contexte, cahiers)),
    refusees,
    perdus,
    desaccords: desaccords(dossiers, contexte),
    dernier_echange: dernier,
    dernier_echange_texte: dernier && moment(dernier, contexte),
    en_cours: enCours,
    appareil: appareil && vueAppareil(appareil),
  };
}

// Une fiche qui attend, telle que la laisse la dernière chose notée.
function enAttente(notees, dossiers, contexte, cahiers) {
  const ops = notees.map(({ op }) => op);
  const premiere = ops[0];
  const derniere = ops.at(-1);
  const dossier = dossiers[derniere.personne] ?? null;
  // Corrigée avant d'être partie, c'est encore une fiche nouvelle.
  const neuve = cree(premiere.genre) && modifie(derniere.genre);
  const dite = neuve ? { ...premiere, champs: Object.assign({}, ...ops.map(({ champs }) => champs)) } : derniere;
  return {
    op_id: premiere.id,
    quoi: quoi(dite, dossier, contexte),
    nom: nomDe(dite, dossier, false, contexte, cahiers),
    url: dossier ? `/dossiers/${derniere.personne}` : null,
    quand: moment(derniere.heure, contexte),
    etat: notees.some(({ etat }) => etat === "retenue") ? "retenue" : "en_attente",
  };
}

const desaccords = (dossiers, { utilisateur, aujourd_hui: aujourdHui }) =>
  Object.values(dossiers).flatMap((dossier) =>
    ouverts(dossier)
      .filter(({ propose }) => propose.par === utilisateur.id)
      .map((desaccord) => ({
        dossier_id: desaccord.personne_id,
        nom: nomAffiche(dossier.personne),
        quoi: quoiDuDesaccord(desaccord, dossier, aujourdHui),
      })),
  );

function nomDe(op, dossier, refusee, { reference }, cahiers) {
  const [, feuille] = genreDeFeuille(op.genre) ?? [];
  if (feuille) {
    const tenu = cahiers[op.personne];
    if (!tenu) return "Cahier qui n’est pas dans ce carnet";
    return [qui(tenu, feuille, op.entite, op.champs), tenu.cahier.nom].filter(Boolean).join(", ");
  }
  if (dossier) return nomAffiche(dossier.personne);
  if (op.genre === "creer_personne") return nomAffiche(op.champs);
  // Une note à décider, d'un dossier déjà parti.
  const note = reference.notes?.find(({ entretien }) => entretien === op.entite);
  if (note) return note.nom;
  return refusee ? "Personne qui n’est pas dans ce carnet" : "Personne à recevoir";
}

const CITES = ["mesure_id", "rendez_vous_id", "maraude_id", "connu_id", "seance_id", "inscription_id", "dossier_id"];

// Ce qui se rattache à une création refusée, de proche en proche : sans elle, rien de cela ne partira jamais.
function dependantesDe(refusee, operations) {
  if (!cree(refusee.genre)) return [];
  const attendues = new Set([refusee.entite]);
  return operations
    .map(({ op }) => op)
    .filter((op) => {
      const cites = [op.personne, op.entite, ...CITES.map((nom) => op.champs[nom])];
      if (op.id === refusee.id || !cites.some((id) => attendues.has(id))) return false;
      if (cree(op.genre)) attendues.add(op.entite);
      return true;
    });
}

const verbeDe = (genre) => (genreDePiece(genre) ?? genreDeFeuille(genre))?.[0];
const cree = (genre) => CREENT.has(genre) || verbeDe(genre) === "noter";
const modifie = (genre) => MODIFIENT.has(genre) || verbeDe(genre) === "modifier";

export function quoi(op, dossier, contexte) {
  const { genre, champs } = op;
  const aujourdHui = contexte.aujourd_hui;
  if (genre === "noter_entretien") {
    return `${libelle("titre_entretien", champs.moyen)} du ${quantieme(champs.date, aujourdHui)}`;
  }
  if ((genre === "proposer_rendez_vous" || genre === "deplacer_rendez_vous") && champs.debut) {
    const jour = quantieme(jourParis(champs.debut), aujourdHui);
    return `Rendez-vous ${genre === "proposer_rendez_vous" ? "du" : "déplacé au"} ${jour}`;
  }
  if (genre === "constater_rendez_vous") {
    const rendezVous = dossier?.rendez_vous.find((fiche) => fiche.id === op.entite);
    const du = rendezVous ? ` du ${quantieme(jourParis(rendezVous.debut), aujourdHui)}` : "";
    if (champs.statut === "propose") return `Rendez-vous${du}\u202f: issue annulée`;
    const accord = dossier ? sexe(dossier.personne, contexte) : null;
    return `Rendez-vous${du}\u202f: ${libelle("statut_rendez_vous", champs.statut, accord).toLowerCase()}`;
  }
  if (genre === "regler_desaccord") {
    const desaccord = dossier?.desaccords?.find(({ id }) => id === op.entite);
    if (desaccord) return `Valeur choisie\u202f: ${minuscule(quoiDuDesaccord(desaccord, dossier, aujourdHui))}`;
  }
  return acte(genre) || acteDeFeuille(genre) || libelle("genre_operation", genre);
}

export const moment = (instant, contexte) =>
  `${jourProche(jourParis(instant), contexte.aujourd_hui)} à ${heureEnMots(heureParis(instant))}`;


export function urlCorriger(op, dossier, cahiers = {}) {
  const { genre, personne } = op;
  const suite = `corrige=${op.id}`;
  const [geste, feuille] = genreDeFeuille(genre) ?? [];
  if (geste) return cahiers[personne] ? `/${feuille}s/${op.entite}/modifier${geste === "retirer" ? "" : `?${suite}`}` : null;
  if (genre === "creer_personne") return `/personnes/nouvelle?${suite}`;
  if (!dossier) return null;
  const [verbe, forme] = genreDePiece(genre) ?? [];
  if (verbe === "noter") return `/pieces/nouvelle?dossier=${personne}&forme=${forme}&${suite}`;
  if (verbe) return `/pieces/${op.entite}${verbe === "modifier" ? `/modifier?${suite}` : ""}`;
  const urls = {
    modifier_personne: `/dossiers/${personne}/modifier?${suite}`,
    ouvrir_mesure: `/dossiers/${personne}/mesures/nouvelle?${suite}`,
    modifier_mesure: `/dossiers/${personne}/mesures/${op.entite}/modifier?${suite}`,
    prononcer_sortie: `/dossiers/${personne}/mesures/${op.entite}/sortie?${suite}`,
    partager_dossier: `/dossiers/${personne}/partager?${suite}`,
    noter_entretien: `/entretiens/nouveau?dossier=${personne}&${suite}`,
    modifier_entretien: `/entretiens/${op.entite}/modifier?${suite}`,
    proposer_rendez_vous: `/rendez-vous/nouveau?dossier=${personne}&${suite}`,
    deplacer_rendez_vous: `/rendez-vous/${op.entite}/deplacer?${suite}`,
  };
  return urls[genre] ?? `/dossiers/${personne}`;
}

const libelleDuChamp = (champ, genre) => {
  const [, feuille] = genreDeFeuille(genre) ?? [];
  if (feuille) return champDe(formeDeFeuille(feuille), champ)?.libelle ?? null;
  const [, forme] = genreDePiece(genre) ?? [];
  return forme ? libelleDePiece(forme, champ) : (CHAMPS.get(champ) ?? catalogue().get(champ)?.libelle ?? null);
};

const erreursEnMots = (erreurs, genre) =>
  Object.entries(erreurs).flatMap(([champ, messages]) =>
    messages.map((message) => ({ libelle: libelleDuChamp(champ, genre), message })),
  );

function vueAppareil(appareil) {
  const restants = appareil.bail_jours_restants ?? null;
  return { nom: appareil.nom, bail_texte: restants === null ? null : `s’ouvre sans réseau encore ${quantite(restants, "jour")}` };
}
