/* Ce que le carnet dit de son envoi, et qui doit être vrai : « N à envoyer » l'emporte sur tout, et « tout est envoyé » ne se dit
 * que si rien n'attend, que rien n'est refusé et que le dernier échange a abouti. */

const plural = (count, singular, many = `${singular}s`) => (count > 1 ? many : singular);

const WHY = {
  session: "reconnectez-vous, rien n’est perdu",
  appareil_inconnu: "reconnectez-vous, rien n’est perdu",
  autre_compte: "reconnectez-vous avec le compte de ce téléphone, rien n’est perdu",
  hors_ligne: "pas de connexion",
  redirige: "pas de connexion",
  pas_une_reponse: "pas de connexion",
  patienter: "le serveur demande d’attendre un peu",
  plein: "le téléphone n’a plus de place\u202f: libérez-en, rien n’est perdu",
  protocole: "une mise à jour est nécessaire",
  verrouille: "déverrouillez pour envoyer",
};
const OFFLINE = new Set(["hors_ligne", "redirige", "pas_une_reponse"]);
const LOGIN = new Set(["session", "appareil_inconnu", "autre_compte"]);

function kind({ attente, refusees, resultat, en_cours, complet }) {
  if (en_cours) return "en_cours";
  if (LOGIN.has(resultat)) return "reconnexion";
  if (attente) return "attente";
  if (refusees) return "refus";
  if (OFFLINE.has(resultat)) return "hors_ligne";
  return resultat === "fait" && complet ? "vide" : "inconnu";
}

/** Sous un titre qui compte déjà les fiches : ce qui les retient, ou les emmène. */
function detail({ attente, refusees, ...facts }) {
  if (!attente && !refusees) return sentence({ attente, refusees, ...facts });
  const { deposees, resultat, en_cours, prochain } = facts;
  const parts = [
    en_cours && "envoi en cours",
    !en_cours && attente && deposees ? `${deposees} ${plural(deposees, "déposée")} sous pli` : null,
    !en_cours && WHY[resultat],
    !en_cours && attente && prochain ? `prochain essai vers ${prochain}` : null,
  ].filter(Boolean);
  const text = parts.join(" · ");
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function sentence({ attente, refusees, deposees, resultat, en_cours, complet, heure, prochain }) {
  const why = WHY[resultat] ? ` · ${WHY[resultat]}` : "";
  const next = prochain ? ` · prochain essai vers ${prochain}` : "";
  const waiting = `${attente} à envoyer`;
  if (attente && en_cours) return `${waiting} · envoi en cours`;
  if (en_cours) return complet ? "Échange en cours" : "Premier échange en cours";
  const lodged = deposees ? ` (${deposees} ${plural(deposees, "déposée")} sous pli)` : "";
  if (attente) return `${waiting}${lodged}${why}${next}`;
  const refused = `${refusees} ${plural(refusees, "refusée")}, à corriger`;
  if (refusees) return `${refused}${why}`;
  if (!complet) return `Premier échange à terminer${why}`;
  if (resultat === "fait") return heure ? `Tout est envoyé · ${heure}` : "Tout est envoyé";
  const last = heure ? ` · dernier échange ${heure}` : "";
  return `Rien à envoyer${why}${last}`;
}

/** La même vérité en trois mots, pour l'en-tête d'un téléphone ; la phrase entière est à l'écran Envoi. */
function short(facts) {
  const { attente, refusees, resultat, en_cours, complet, heure } = facts;
  if (attente) return `${attente} à envoyer`;
  if (en_cours) return complet ? "Échange en cours" : "Premier échange";
  if (LOGIN.has(resultat)) return "Reconnectez-vous";
  if (refusees) return `${refusees} à corriger`;
  if (OFFLINE.has(resultat)) return "Pas de connexion";
  if (!complet) return "Premier échange à terminer";
  return resultat === "fait" ? sentence(facts) : heure ? `Dernier échange ${heure}` : "Rien à envoyer";
}

/**
 * @param {{attente: number, operations?: number, refusees: number, deposees: number, resultat: string|null, en_cours: boolean, complet: boolean,
 *          dernier: string|null, heure: string|null, patienter?: number, prochain?: string|null}} facts  `heure`, `prochain` : moments
 *          lisibles du dernier échange et du prochain essai ; `patienter` : les secondes qui l'en séparent
 */
export const describe = (facts) => ({
  attente: facts.attente,
  operations: facts.operations ?? facts.attente,
  refusees: facts.refusees,
  deposees: facts.deposees,
  dernier: facts.dernier,
  en_cours: facts.en_cours,
  patienter: facts.patienter ?? 0,
  etat: kind(facts),
  texte: sentence(facts),
  court: short(facts),
  detail: detail(facts),
});
