// La fin d'une période, contrat ou mesure : miroir de app/domain/echeance/terme.py.
import { ajouterJours, ajouterMois } from "../dates.js";
import { quantieme, quantite } from "../francais.js";
import { valeur as valeurDe } from "../piece.js";
import { plusTard } from "./faits.js";

export const attendre = (genre, regle, situation, convention) =>
  genre.terme === "contrat" ? duContrat(genre, situation, convention) : deLaMesure(genre, situation, convention);

function duContrat(genre, situation, convention) {
  const mois = convention.contrat_mois;
  const dueLe = plusTard(situation.pieces("contrat").map((piece) => finDe(piece, mois)).filter(Boolean));
  if (!dueLe || !situation.doitUnContrat(convention)) return null;
  const fin = situation.mesure.sortie_le || situation.terme?.fin;
  if (fin && dueLe >= ajouterJours(fin, -1)) return null;
  const enMots = mois ? `contrat de ${mois} mois, renouvelable` : genre.pourquoi;
  return {
    due_le: dueLe,
    depuis: dueLe,
    pourquoi: `${genre.base} ${quantieme(dueLe, situation.aujourdHui)}\u202f: ${enMots}`,
    attendu: genre.attendus[0],
  };
}

function finDe(piece, mois) {
  const debut = valeurDe(piece, "debut");
  return valeurDe(piece, "fin") ?? (debut && mois ? ajouterJours(ajouterMois(debut, mois), -1) : null);
}

function deLaMesure(genre, situation, convention) {
  const { terme, aujourdHui } = situation;
  if (!terme || situation.mesure.sortie_le) return null;
  const [renouveler, bilan, conclure] = genre.attendus;
  const periode = situation.jour("periode") ?? "";
  const auTerme = situation.jours("bilan_final").some((jour) => jour >= periode) ? conclure : bilan;
  const { duree_mois: duree, duree_max_mois: laPlusLongue, renouvellements: regle } = convention;
  let pourquoi = `Entrée le ${quantieme(terme.depuis, aujourdHui)}\u202f: `;
  pourquoi += laPlusLongue ? `de ${duree} à ${laPlusLongue} mois` : `${duree} mois`;
  if (terme.renouvelee) pourquoi += `, renouvelée jusqu’au ${quantieme(terme.fin, aujourdHui)}`;
  let suite = regle ? ". Plus de renouvellement" : "";
  if (terme.restants) {
    suite = `. Encore ${quantite(terme.restants, "renouvellement")} de ${regle.mois} mois`;
    if (regle.motif) suite += ", avec un motif";
  }
  return { due_le: terme.fin, depuis: terme.depuis, pourquoi, suite, attendu: terme.restants ? renouveler : auTerme };
}
