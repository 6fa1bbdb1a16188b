/* Déplier une réponse rangée en tableaux : miroir de sync/tableaux.py. Chaque nom de champ y est écrit une fois. */

/** La taille des pages demandées, en octets de fiches non rangées : grandes sur un bon réseau, petites quand il coupe. */
export const PAGE = Object.freeze({ most: 4 * 1024 * 1024, least: 64 * 1024 });

/** Une page coupée en route est à redemander toute : la suivante sera plus courte. */
export const shorterPage = (octets) => Math.max(PAGE.least, Math.floor(octets / 4));
export const longerPage = (octets) => Math.min(PAGE.most, octets * 2);

/** Ce que l'opération disait elle-même de la fiche qu'elle a créée, ou du contrôle de cette fiche. */
function sentValue({ entite, personne, champs }, champ) {
  if (champ === "id" || champ === "fiche_id") return entite;
  return champ === "personne_id" || champ === "cahier_id" ? personne : (champs[champ] ?? null);
}

/** On copie une fiche qui a déjà tous ses champs : les ajouter un à un à chacune prend vingt fois plus de temps. */
const records =
  (sent) =>
  ({ nombre, communs, champs, colonnes, operations = [], envoyes = [] }) => {
    const blank = { ...communs, ...Object.fromEntries([...champs, ...envoyes].map((champ) => [champ, null])) };
    return Array.from({ length: nombre }, (_, rang) => {
      const record = { ...blank };
      champs.forEach((champ, colonne) => {
        record[champ] = colonnes[colonne][rang];
      });
      for (const champ of envoyes) record[champ] = sentValue(sent[operations[rang]], champ);
      return record;
    });
  };

/**
 * La réponse, ses fiches une par une ; telle quelle si le serveur ne range pas.
 * @param {object[]} sent les opérations de la demande, dans l'ordre : ce qu'elles ont apporté n'est pas redescendu
 */
export function unfold(answer, sent = []) {
  if (!Array.isArray(answer?.tableaux)) return answer;
  const { tableaux, ...rest } = answer;
  const resultats = rest.resultats?.map((result, rang) => ({ id: sent[rang]?.id, version: null, erreurs: {}, ...result }));
  return { ...rest, resultats, fiches: [...(rest.fiches ?? []), ...tableaux.flatMap(records(sent))] };
}
