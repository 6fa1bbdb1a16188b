/* L'annuaire, sans réseau : mêmes adresses et mêmes réponses que app/views/annuaire.py. */
import { carnetDe } from "../domain/annuaire.js";
import { one, readForm } from "./form_data.js";
import { writesSheets } from "./role.js";
import { createSheets, UNKNOWN } from "./sheets.js";

const TITLE = "Annuaire";
const SHOWN = { titre: TITLE, onglet: "dossiers" };

export function fieldAnnuaire({ etat, screens, saving, vues, saisie, directory }) {
  const { annotation: notes } = vues;
  const { fixing, form, unknown } = createSheets({
    etat,
    screens,
    saving,
    around: SHOWN,
    page: "feuille_formulaire",
    unknown: () => list({}, null, { statut: 404, message: UNKNOWN }),
  });
  const notebook = () => carnetDe(etat.cahiers("annuaire"));
  const dossierOf = (id) => (id ? etat.dossier(id) : null);

  async function list(wanted, dossier, { asFragment = false, ...around } = {}) {
    const [context, poche] = await Promise.all([screens.contexte(), directory.open()]);
    const view = vues.annuaire.annuaire(poche, context, wanted, dossier, notebook());
    if (asFragment) return screens.fragment("partages/fragments/liste_annuaire.html", context, view);
    return screens.page("partages/pages/annuaire.html", context, view, { ...SHOWN, ...around });
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
    const view = vues.annuaire.service(found, context, dossierOf(url.searchParams.get("dossier")), notebook());
    return screens.page("partages/pages/annuaire_service.html", context, view, SHOWN);
  }

  async function choose({ parameters }) {
    const [context, found] = await Promise.all([screens.contexte(), find(parameters.service)]);
    if (!found || !writesSheets(context.utilisateur)) return list({}, null);
    const view = vues.choisirDossier(etat.dossiers(), context, "/pieces/nouvelle");
    const suite = `&forme=orientation_service&vers=${found.id}`;
    return screens.page("partages/pages/choisir_dossier.html", context, { ...view, suite, pour: vues.annuaire.quiOrienter(found) }, SHOWN);
  }

  /** Le service que l'on annote, quand ce téléphone tient le carnet. */
  async function annotated({ parameters, url }) {
    const [cahier, service] = [notebook(), await find(parameters.service)];
    return cahier && service && { cahier, service, suite: vues.annuaire.suiteDe(dossierOf(url.searchParams.get("dossier"))) };
  }

  const toService = ({ record }, operations) => `/annuaire/services/${record?.valeurs.service_id ?? operations[0].champs.service_id}`;
  const fresh = form(
    annotated,
    ({ cahier, service, suite }, context, fields, erreurs) => notes.annoter(cahier, context, service, suite, fields, erreurs),
    (fields, context) => saisie.lireAnnotation(fields, context),
    ({ service, suite }) => `/annuaire/services/${service.id}${suite}`,
  );

  return [
    ["GET", "/annuaire", ({ url }) => list({}, dossierOf(url.searchParams.get("dossier")))],
    ["POST", "/annuaire/recherche", search],
    ["GET", "/annuaire/services/:service", read],
    ["GET", "/annuaire/services/:service/orienter", choose],
    ["GET", "/annuaire/services/:service/noter", fresh.open],
    ["POST", "/annuaire/services/:service/noter", fresh.save],
    ...fixing("annotation", {
      view: ({ cahier, record }, context, fields, erreurs) => notes.corriger(cahier, context, record, fields, erreurs),
      lire: (fields, context, { record }) => saisie.lireAnnotation(fields, context, record),
      lireRetrait: saisie.lireRetrait,
      to: toService,
      afterWithdrawal: toService,
    }),
    ["GET", "/annotations(/.*)?", unknown],
  ];
}
