/* L'annuaire, sans réseau : mêmes adresses et mêmes réponses que app/views/annuaire.py. */
import { one, readForm } from "./form_data.js";
import { writesSheets } from "./role.js";

const TITLE = "Annuaire";
const SHOWN = { titre: TITLE, onglet: "dossiers" };

export function fieldAnnuaire({ etat, screens, vues, directory }) {
  const dossierOf = (id) => (id ? etat.dossier(id) : null);

  async function list(wanted, dossier, { asFragment = false } = {}) {
    const [context, poche] = await Promise.all([screens.contexte(), directory.open()]);
    const view = vues.annuaire.annuaire(poche, context, wanted, dossier);
    if (asFragment) return screens.fragment("partages/fragments/liste_annuaire.html", context, view);
    return screens.page("partages/pages/annuaire.html", context, view, SHOWN);
  }

  async function search({ request }) {
    const fields = await readForm(request);
    const wanted = Object.fromEntries(["q", "famille", "commune"].map((name) => [name, one(fields, name)]));
    return list(wanted, dossierOf(one(fields, "dossier")), { asFragment: request.headers.get("HX-Request-Type") === "partial" });
  }

  const find = async (id) => vues.annuaire.trouver(await directory.open(), id);

  async function read({ parameters, url }) {
    const [context, found] = await Promise.all([screens.contexte(), find(parameters.service)]);
    if (!found) return list({}, null);
    const view = vues.annuaire.service(found, context, dossierOf(url.searchParams.get("dossier")));
    return screens.page("partages/pages/annuaire_service.html", context, view, SHOWN);
  }

  async function choose({ parameters }) {
    const [context, found] = await Promise.all([screens.contexte(), find(parameters.service)]);
    if (!found || !writesSheets(context.utilisateur)) return list({}, null);
    const view = vues.choisirDossier(etat.dossiers(), context, "/pieces/nouvelle");
    const suite = `&forme=orientation_service&vers=${found.id}`;
    return screens.page("partages/pages/choisir_dossier.html", context, { ...view, suite }, SHOWN);
  }

  return [
    ["GET", "/annuaire", ({ url }) => list({}, dossierOf(url.searchParams.get("dossier")))],
    ["POST", "/annuaire/recherche", search],
    ["GET", "/annuaire/services/:service", read],
    ["GET", "/annuaire/services/:service/orienter", choose],
  ];
}
