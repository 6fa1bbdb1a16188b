// Un délai après un fait : miroir de app/domain/echeance/delai.py.
import { DELAIS } from "#jalon/delais";

import { ajouterJours, ajouterMois } from "../dates.js";
import { quantieme } from "../francais.js";
import { RENCONTRES } from "./attente.js";

const AVANCE_MOIS = 1;

export function attendre(genre, regle, situation) {
  const depart = DELAIS.departs[regle.depuis] ?? genre.depuis;
  const depuis = situation.jour(depart);
  if (!depuis) return null;
  const nombre = genre.nombre ? regle[genre.nombre] : regle;
  const auPlusTard = decaler(depuis, genre.unite, nombre);
  const dueLe = genre.unite && situation.statut !== "sortie" ? situation.reculer(depuis, auPlusTard) : auPlusTard;
  const apres = apresQuoi(genre, situation, dueLe);
  const fait = ({ faits }) => faits.some((nom) => situation.jours(nom).some((jour) => jour >= apres));
  const demandes = genre.attendus.filter(({ si }) => !si || regle[si] || regle.livrables?.includes(si));
  let reste = demandes.filter((attendu) => !fait(attendu));
  if (!reste.length) return null;
  for (const { faits } of reste) faits.forEach((nom) => situation.manquants.add(nom));
  const estRencontre = ({ chemin }) => RENCONTRES.includes(chemin);
  if (situation.prochain) reste = [...reste.filter((un) => !estRencontre(un)), ...reste.filter(estRencontre)];
  const [attendu] = reste;
  const piece = attendu.ebauche ? situation.pieces(attendu.chemin).at(-1) : null;
  const enMots = genre.pourquoi.replace("{valeur}", nombre);
  return {
    due_le: dueLe,
    depuis,
    pourquoi: `${genre.base ?? DELAIS.bases[depart]} le ${quantieme(depuis, situation.aujourdHui)}\u202f: ${enMots}`,
    suite: demandes.length > 1 ? `. Il reste ${reste.map(({ nom }) => nom).join(", ")}` : "",
    attendu: piece ? { ...attendu, geste: attendu.ebauche } : attendu,
    piece,
  };
}

export function decaler(jour, unite, nombre) {
  if (unite === "mois") return ajouterMois(jour, nombre);
  return unite ? ajouterJours(jour, nombre) : jour;
}

function apresQuoi({ apres, depuis }, situation, dueLe) {
  if (apres === "avance") return ajouterMois(dueLe, -AVANCE_MOIS);
  if (apres) return situation.jour(apres) ?? "";
  return ["orientee_le", "entree_le"].includes(depuis) ? situation.jour("ouverture") : "";
}
