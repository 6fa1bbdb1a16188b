/* Ce qu'un rôle peut faire sur ce téléphone. Une seule définition, celle du serveur (app/securite/permissions.py), reçue à la
 * construction ; le serveur vérifie de toute façon. */
import { BUREAU, PERMISSIONS } from "#jalon/permissions";

const SHEET = "/entretiens/";
const WRITES = "entretiens.noter";
const REFUSED = "Votre rôle ne donne pas accès à cette page.";

/** Un rôle inconnu : non. */
export const peut = (role, permission) => Object.hasOwn(PERMISSIONS, role ?? "") && PERMISSIONS[role].includes(permission);

export const writesSheets = (utilisateur) => peut(utilisateur?.role, WRITES);

export const deskOf = (utilisateur) =>
  BUREAU.filter(([, , permission]) => peut(utilisateur?.role, permission)).map(([url, libelle]) => ({ url, libelle, choisi: false }));

const isSheet = (value) => typeof value === "string" && value.startsWith(SHEET);

/** Miroir de app/views/sans_entretien.py : la même page, sans aucun lien vers une fiche à écrire. */
function withoutSheets(value) {
  if (Array.isArray(value)) return value.map(withoutSheets);
  if (value === null || typeof value !== "object") return value;
  if (isSheet(value.url)) return null;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, name.startsWith("url_") && isSheet(inner) ? null : withoutSheets(inner)]),
  );
}

const READ_BY_ALL = ["maJournee", "dossier", "tournee", "cloture"];

/** Les modèles de vue des écrans que lit aussi un rôle qui ne note pas de contact. */
export function withinRole(vues) {
  const reduced = READ_BY_ALL.filter((name) => name in vues).map((name) => [
    name,
    (subject, contexte, ...rest) => {
      const view = vues[name](subject, contexte, ...rest);
      return writesSheets(contexte.utilisateur) ? view : withoutSheets(view);
    },
  ]);
  return { ...vues, ...Object.fromEntries(reduced) };
}

/** Les routes d'un écran que ce rôle n'a pas ramènent à Ma journée, qui le dit. */
export function restrictSheets(routes, { etat, flash, responses }, { read = /^$/ } = {}) {
  const guard = (handle) => (asked) => {
    if (writesSheets(etat.reference.utilisateur)) return handle(asked);
    flash.put({ texte: REFUSED, ton: null, annuler: null });
    return responses.seeOther("/");
  };
  return routes.map(([method, path, handle]) => [method, path, read.test(path) ? handle : guard(handle)]);
}
