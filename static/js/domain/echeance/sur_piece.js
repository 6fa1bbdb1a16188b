// Une pièce qui attend quelque chose : miroir de app/domain/echeance/sur_piece.py.
import { quantieme } from "../francais.js";
import { valeur as valeurDe } from "../piece.js";
import { decaler } from "./delai.js";

export function attendre(genre, regle, situation, convention) {
  const deContrat = genre.forme === "contrat";
  if (deContrat && (situation.manquants.has("contrat_signe") || !situation.doitUnContrat(convention))) return null;
  const nombre = genre.cle ? regle[genre.cle] : (genre.repere ?? regle);
  const [attendu] = genre.attendus;
  const pieces = situation.pieces(genre.forme);
  let premiere = null;
  for (const piece of genre.derniere ? pieces.slice(-1) : pieces) {
    const date = valeurDe(piece, genre.date);
    if (!date || !attend(genre, piece)) continue;
    if (attendu.faits?.some((fait) => situation.jours(fait).some((jour) => jour >= date))) continue;
    const dueLe = decaler(date, genre.unite, nombre);
    if (premiere === null || dueLe < premiere.dueLe) premiere = { dueLe, date, piece };
  }
  if (premiere === null) return null;
  const { dueLe, date, piece } = premiere;
  return {
    due_le: dueLe,
    depuis: date,
    pourquoi: `${genre.base} ${quantieme(date, situation.aujourdHui)}\u202f: ${genre.pourquoi.replace("{valeur}", nombre)}`,
    attendu,
    piece: attendu.chemin === "piece" ? piece : null,
  };
}

function attend({ parmi, manque }, piece) {
  const vaut = ([champ, admises]) => admises.includes(valeurDe(piece, champ) ?? "");
  if (parmi && !parmi.some((cas) => Object.entries(cas).every(vaut))) return false;
  return !manque || manque.some((groupe) => groupe.every((champ) => valeurDe(piece, champ) === null));
}
