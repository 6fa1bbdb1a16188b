// Les faits d'une mesure, qui font courir une échéance ou la règlent : miroir de app/domain/echeance/faits.py.
import { DELAIS } from "#jalon/delais";

import { ajouterJours, ajouterMois, jourParis, joursEntre } from "../dates.js";
import { conventionAu, statut } from "../mesure.js";
import { depuis, valeur } from "../personne.js";
import { piecesDe, valeur as valeurDe } from "../piece.js";

export const MOYENS_D_ENTRETIEN = ["presentiel", "visite", "visio", "telephone"];
const MOYENS_PHYSIQUES = ["presentiel", "visite"];
const AUCUN = [];
export const SANS_FIN = "9999-12-31";

export const plusTot = (jours) => jours.reduce((a, b) => (a === null || b < a ? b : a), null);
export const plusTard = (jours) => jours.reduce((a, b) => (a === null || b > a ? b : a), null);

export class Situation {
  constructor(dossier, mesure, contexte) {
    Object.assign(this, contexte);
    this.dossier = dossier;
    this.mesure = mesure;
    this.manquants = new Set();
    this.versions = new Map();
    this.connus = new Map();
    this.parForme = new Map();
    this.lues = new Map();
    this.statut = statut(mesure, this.aujourdHui);
    const siennes = (fiche) => (fiche.mesure_id ?? mesure.id) === mesure.id;
    for (const piece of dossier.pieces ?? []) {
      if (this.parForme.has(piece.forme)) this.parForme.get(piece.forme).push(piece);
      else this.parForme.set(piece.forme, [piece]);
    }
    this.entretiens = dossier.entretiens.filter(siennes);
    this.rendezVous = dossier.rendez_vous.filter(siennes);
    this.proposes = this.rendezVous.filter((fiche) => fiche.statut === "propose");
    const aVenir = plusTot(this.proposes.map(({ debut }) => debut).filter((debut) => debut >= this.maintenant));
    this.prochain = aVenir && jourParis(aVenir);
    this.suspensions = this.pieces("suspension")
      .filter((piece) => valeurDe(piece, "du"))
      .map((piece) => [valeurDe(piece, "du"), valeurDe(piece, "au") ?? SANS_FIN]);
    this.suspendue = this.estSuspendue(this.aujourdHui, this.aujourdHui);
    this.terme = termeDe(this);
  }

  convention(version) {
    return this.conventionAu((version && this.jour(version)) || this.aujourdHui);
  }

  conventionAu(jour) {
    const { convention: code } = this.mesure;
    if (!this.versions.has(jour)) this.versions.set(jour, conventionAu(versionsDe(this.conventions, code), code, jour));
    return this.versions.get(jour);
  }

  /** La cadence que demandait la version de la convention de ce jour-là. */
  rythmeAu(jour) {
    return this.conventionAu(jour)?.cadence;
  }

  pieces(forme) {
    if (!this.lues.has(forme)) {
      const pieces = this.parForme.get(forme);
      this.lues.set(forme, pieces ? piecesDe({ pieces }, forme, this.mesure) : AUCUN);
    }
    return this.lues.get(forme);
  }

  estSuspendue(debut, fin) {
    return this.suspensions.some(([du, au]) => du <= fin && au >= debut);
  }

  reprise() {
    const finie = plusTard(this.suspensions.map(([, au]) => au).filter((au) => au < this.aujourdHui));
    return finie && ajouterJours(finie, 1);
  }

  reculer(depuisLe, jour) {
    let dueLe = jour;
    for (const [du, au] of this.suspensions) {
      const debut = du > depuisLe ? du : depuisLe;
      if (au !== SANS_FIN && debut <= dueLe && au >= debut) dueLe = ajouterJours(dueLe, joursEntre(debut, au) + 1);
    }
    return dueLe;
  }

  jour(nom) {
    return (CALCULS[nom] ? CALCULS[nom](this) : this.mesure[nom]) ?? null;
  }

  jours(fait) {
    if (!this.connus.has(fait)) this.connus.set(fait, this.joursDe(fait));
    return this.connus.get(fait);
  }

  joursDe(fait) {
    if (fait === "contact") return [...this.entretiens.map(({ date }) => date), ...this.honores()];
    if (fait === "entretien") return [...this.tenus(MOYENS_D_ENTRETIEN), ...this.honores()];
    if (fait === "physique") return [...this.tenus(MOYENS_PHYSIQUES), ...this.honores(true)];
    if (fait === "cv_depose") return valeur(this.dossier.personne, fait, this.aujourdHui) ? [this.aujourdHui] : [];
    const quoi = DELAIS.faits[fait];
    if (!quoi) return this.mesure[fait] ? [SANS_FIN] : [];
    return this.pieces(quoi.forme)
      .filter(
        (piece) =>
          (!quoi.champ || quoi.parmi.includes(valeurDe(piece, quoi.champ))) &&
          (!quoi.renseigne || valeurDe(piece, quoi.renseigne)),
      )
      .map((piece) => (quoi.jour && valeurDe(piece, quoi.jour)) || SANS_FIN);
  }

  tenus(moyens) {
    return this.entretiens.filter(({ moyen }) => moyens.includes(moyen)).map(({ date }) => date);
  }

  honores(sansDistance = false) {
    const deLoin = sansDistance ? this.entretiens.filter(({ moyen }) => !MOYENS_PHYSIQUES.includes(moyen)) : AUCUN;
    return this.rendezVous
      .filter((r) => r.statut === "honore" && !deLoin.some((e) => e.rendez_vous_id === r.id))
      .map(({ debut }) => jourParis(debut));
  }

  doitUnContrat(convention) {
    const droit = valeur(this.dossier.personne, "rsa", this.aujourdHui);
    return convention.contrat_pour !== "brsa" || !["clos", "non_beneficiaire"].includes(droit);
  }
}

// Les versions d'une convention, cherchées une fois pour tous les dossiers.
const connues = new WeakMap();

function versionsDe(conventions, code) {
  if (!connues.has(conventions)) connues.set(conventions, new Map());
  const parCode = connues.get(conventions);
  if (!parCode.has(code)) parCode.set(code, conventions.filter((convention) => convention.code === code));
  return parCode.get(code);
}

function termeDe(situation) {
  const { entree_le: entreeLe, fin_prevue_le: finPrevue } = situation.mesure;
  const convention = situation.convention("entree_le") ?? {};
  const duree = convention.duree_max_mois || convention.duree_mois;
  if (!entreeLe || !(duree || finPrevue)) return null;
  const renouvellements = situation.pieces("renouvellement");
  const fins = renouvellements.map((piece) => valeurDe(piece, "jusqu_au") ?? "");
  const permis = convention.duree_max_mois ? 0 : convention.renouvellements?.nombre ?? 0;
  return {
    fin: plusTard([finPrevue || ajouterMois(entreeLe, duree), ...fins]),
    depuis: entreeLe,
    restants: Math.max(0, permis - renouvellements.length),
    renouvelee: renouvellements.length > 0,
  };
}

const CALCULS = {
  ouverture: ({ mesure }) => plusTot([mesure.orientee_le, mesure.entree_le].filter(Boolean)),
  fin: ({ mesure, terme }) => mesure.sortie_le || (terme && !terme.restants ? terme.fin : null),
  periode(situation) {
    const piece = situation.pieces("renouvellement").at(-1);
    const le = piece && valeurDe(piece, "le");
    return le ? ajouterJours(le, 1) : null;
  },
  premier_entretien(situation) {
    const ouverture = situation.jour("ouverture") ?? "";
    const tenus = situation.jours("entretien").filter((jour) => ouverture <= jour && jour <= situation.aujourdHui);
    return plusTot(tenus) ?? situation.prochain;
  },
  pret_emploi: ({ dossier: { personne }, aujourdHui }) =>
    valeur(personne, "pret_emploi", aujourdHui) ? depuis(personne.historique?.pret_emploi, aujourdHui) : null,
  sortie_suivie(situation) {
    const apres = situation.convention("sortie_le")?.veille_apres ?? [];
    const motifs = apres.flatMap((famille) => DELAIS.motifs[famille]);
    return !apres.length || motifs.includes(situation.mesure.sortie_motif) ? situation.mesure.sortie_le : null;
  },
};
