/* Déplier une réponse rangée en tableaux : miroir de sync/tableaux.py. Chaque nom de champ y est écrit une fois. */

/** La taille des pages demandées, en octets de fiches non rangées : grandes sur un bon réseau, petites quand il coupe. */
export const PAGE = Object.freeze({ most: 4 * 1024 * 1024, least: 64 * 1024 });

/** Une page coupée en route est à redemander toute : la suivante sera plus courte. */
export const shorterPage = (octets) => Math.max(PAGE.least, Math.floor(octets / 4));
export const longerPage = (octets) => Math.min(PAGE.most, octets * 2);

function records({ nombre, communs, champs, colonnes }) {
  return Array.from({ length: nombre }, (_, rang) => {
    const record = { ...communs };
    champs.forEach((champ, colonne) => {
      record[champ] = colonnes[colonne][rang];
    });
    return record;
  });
}

/** La réponse, ses fiches une par une ; telle quelle si le serveur ne range pas. */
export function unfold(answer) {
  if (!Array.isArray(answer?.tableaux)) return answer;
  const { tableaux, ...rest } = answer;
  return { ...rest, fiches: [...(rest.fiches ?? []), ...tableaux.flatMap(records)] };
}
