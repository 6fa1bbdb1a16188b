// Ce qu'un papier ne dit pas : miroir de app/domain/sortant.py.
const TUS = { frein: ["justice"], motif_suspension: ["incarceration"] };

const sans = (lue, tus) => (Array.isArray(lue) ? lue.filter(({ cle }) => !tus.includes(cle)) : tus.includes(lue) ? null : lue);

// La pièce telle qu'un papier la lit : ni ligne de grille, ni réponse, qui dirait la justice ou la détention.
export function pieceSortante(fiche, decrite) {
  const tue = ({ liste, nom }) => TUS[liste] && fiche.valeurs[nom];
  const lues = (decrite?.champs ?? []).filter(tue).map(({ liste, nom }) => [nom, sans(fiche.valeurs[nom], TUS[liste])]);
  return { ...fiche, valeurs: { ...fiche.valeurs, ...Object.fromEntries(lues) } };
}
