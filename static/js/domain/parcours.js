// Le parcours d'une mesure sur une ligne : miroir de app/domain/parcours.py, où les règles sont dites.
import { ajouterMois, jourParis } from "./dates.js";
import { Situation } from "./echeance/faits.js";
import { echeances } from "./echeance/index.js";
import { libelle } from "./nomenclatures.js";
import { jour as jourDePiece, piecesDe, valeur } from "./piece.js";

const ECHEANCES = {
  accueil: ["premier_contact", "accueil", "tripartite"],
  contrat: ["contrat_a_signer", "contrat_a_renouveler"],
  bilan: ["bilan_final"],
  sortie: ["fin_mesure", "file_active_emploi", "file_active_formation"],
  veille: ["veille"],
};

const SANS_OBJET = { fait: null, jour: null, url: null };

export function parcours(dossier, mesure, conventions, maintenant) {
  const situation = new Situation(dossier, mesure, { conventions, maintenant, aujourdHui: jourParis(maintenant) });
  const dues = echeances(dossier, conventions, maintenant).filter((due) => due.mesure_id === mesure.id);
  let dite = false;
  return Object.entries(PAS).map(([code, calcul]) => {
    const attendue = dues.find(({ genre, aussi }) => [genre, ...aussi].some((un) => ECHEANCES[code]?.includes(un)));
    const { fait, jour, url, commencee } = calcul(situation, attendue);
    const due = fait ? null : attendue;
    const courante = fait === false && !dite;
    dite ||= courante;
    const reste = due?.etat === "en_retard" ? due.etat : courante || commencee ? "en_cours" : "a_venir";
    return {
      code,
      libelle: libelle("parcours", code),
      etat: fait === null ? "sans_objet" : fait ? "fait" : reste,
      jour: due?.due_le ?? jour ?? null,
      url,
      courante,
    };
  });
}

// La suspension de la mesure ce jour-là, celle qui finit le plus tard ; elle n'est pas celle du RSA.
export function suspensionEnCours(dossier, mesure, jour) {
  const fin = (piece) => valeur(piece, "au") ?? "9";
  return piecesDe(dossier, "suspension", mesure)
    .filter((piece) => (valeur(piece, "du") ?? "9") <= jour && jour <= fin(piece))
    .reduce((a, b) => (a && fin(a) + a.id > fin(b) + b.id ? a : b), null);
}

const ecran = ({ dossier, mesure }, nom) => `/dossiers/${dossier.personne.id}/mesures/${mesure.id}/${nom}`;

// La pièce, ou de quoi la commencer.
const adresse = ({ dossier, mesure }, forme, piece) =>
  piece ? `/pieces/${piece.id}` : `/pieces/nouvelle?dossier=${dossier.personne.id}&forme=${forme}&mesure=${mesure.id}`;

const jourDe = (piece) => (piece ? jourDePiece(piece) : null);

const bilanFait = (situation) => situation.jours("bilan_final").some((jour) => jour >= (situation.jour("periode") ?? ""));

const PAS = {
  orientation(situation) {
    const jour = situation.mesure.orientee_le;
    return { fait: jour ? true : null, jour, url: ecran(situation, "modifier") };
  },
  accueil: (situation, due) => ({
    fait: situation.statut !== "en_integration" && !due,
    jour: situation.mesure.entree_le,
    url: due ? due.action.url : ecran(situation, "modifier"),
  }),
  contrat(situation, due) {
    const convention = situation.convention() ?? {};
    const derniere = situation.pieces("contrat").at(-1);
    const signe = situation.pieces("contrat").filter((piece) => valeur(piece, "signe_personne_le")).at(-1);
    const jour = signe ? valeur(signe, "signe_personne_le") : null;
    const fait = Boolean(signe) && signe === derniere && due?.etat !== "en_retard";
    const url = adresse(situation, "contrat", derniere);
    const demande = convention.contrat && situation.doitUnContrat(convention);
    if (!fait && (!demande || situation.statut === "sortie")) return { fait: signe ? true : null, jour, url };
    return { fait, jour: fait ? jour : null, url: due && !fait ? due.action.url : url, commencee: derniere };
  },
  etapes(situation) {
    const derniere = situation.pieces("etape").at(-1);
    const finies = situation.statut === "sortie" || bilanFait(situation);
    const url = adresse(situation, "etape", derniere);
    return { fait: finies ? (derniere ? true : null) : false, jour: jourDe(derniere), url, commencee: derniere };
  },
  bilan(situation, due) {
    const fait = bilanFait(situation);
    const demande = situation.convention("entree_le")?.bilan_final;
    if (!fait && (!demande || (situation.statut === "sortie" && !due))) return SANS_OBJET;
    const derniere = situation.pieces("bilan").at(-1);
    const url = fait ? adresse(situation, "bilan", derniere) : `${adresse(situation, "bilan")}&sorte=final`;
    const prevu = situation.mesure.sortie_le || situation.terme?.fin;
    return { fait, jour: fait ? jourDe(derniere) : prevu, url: due && !fait ? due.action.url : url };
  },
  sortie: (situation) => ({
    fait: situation.statut === "sortie",
    jour: situation.mesure.sortie_le || situation.terme?.fin,
    url: ecran(situation, "sortie"),
  }),
  veille(situation, due) {
    const sortie = situation.statut === "sortie";
    const mois = situation.convention("sortie_le")?.veille_mois;
    const derniere = situation.pieces("veille").at(-1);
    if (sortie && derniere) return { fait: true, jour: jourDe(derniere), url: adresse(situation, "veille", derniere) };
    if (!mois || (sortie && !due)) return SANS_OBJET;
    const { sortie_le: sortieLe } = situation.mesure;
    return { fait: false, jour: sortieLe && ajouterMois(sortieLe, mois), url: sortie ? adresse(situation, "veille") : null };
  },
};
