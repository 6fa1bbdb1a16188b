/* De quelle adresse s'occupe le travailleur. Tout ce qui n'est pas ici va au réseau, intact. */

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

/** « /dossiers/:id/modifier » → expression régulière ; `:nom` ne prend qu'un identifiant. */
function compile(path) {
  const names = [];
  const pattern = path.replace(/:([a-z_]+)/g, (_whole, parameter) => {
    names.push(parameter);
    return `(${UUID})`;
  });
  return { expression: new RegExp(`^${pattern}$`), names };
}

const ROOTS = ["dossiers", "entretiens", "rendez-vous", "personnes", "pieces", "papiers", "annuaire", "annotations", "notes", "tournee", "maraudes", "prevues", "rencontres", "connus", "actions", "seances", "inscriptions", "presences", "comites", "situations", "envoi", "reglages", "verrou", "aide/installation"];
const FIELD = new RegExp(`^(?!.*\\.pdf$)/(?:$|(?:${ROOTS.join("|")})(?:/|$))`);

export const isFieldUrl = (pathname) => FIELD.test(pathname);

/** Les mêmes, sans expression régulière : le navigateur n'en veut pas dans ses règles. */
export const FIELD_PATTERNS = ["/", ...ROOTS.map((root) => `/${root}{/*}?`)];

/** @param {[method: string, path: string, handle: Function][]} table */
export function createRouter(table) {
  const routes = table.map(([method, path, handle]) => ({ method, handle, ...compile(path) }));

  return function route(method, pathname) {
    for (const { method: expected, expression, names, handle } of routes) {
      const found = expected === method && expression.exec(pathname);
      if (found) return { handle, parameters: Object.fromEntries(names.map((each, index) => [each, found[index + 1]])) };
    }
    return null;
  };
}
