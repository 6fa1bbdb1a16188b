// Le catalogue des champs d'une personne : miroir de app/domain/champs_personne.py.
import { LECTEURS } from "#jalon/permissions";

import { donnees } from "./nomenclatures.js";

let prepare = null;

// Tous les champs, dans l'ordre des écrans : nom -> {nom, libelle, genre, date, lecteurs, telephone, groupe, liste}.
export function catalogue() {
  prepare ??= new Map(
    Object.entries(donnees().champs).map(([nom, champ]) => [
      nom,
      { ...champ, nom, liste: champ.liste ?? null, maximum: champ.maximum ?? 99, lecteurs: [...champ.lecteurs].map((lettre) => LECTEURS[lettre]) },
    ]),
  );
  return prepare;
}

export const estLisible = (champ, role) => champ.lecteurs.includes(role);
