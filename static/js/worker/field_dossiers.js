/* Ma journée, Dossiers, un dossier, une personne. */
import { correctionOf, errorsOf, fieldsOfPersonPage, measureFields } from "./correction.js";
import { one, readForm } from "./form_data.js";

const LIST = "partages/fragments/liste_dossiers.html";

export function fieldDossiers({ etat, screens, saving, vues, saisie, dates }) {
  async function today() {
    const context = await screens.contexte();
    const view = vues.maJournee(etat.dossiers(), context);
    return screens.page("partages/pages/ma_journee.html", context, view, { titre: "Ma journée", onglet: "journee" });
  }

  async function list(filters, { asFragment = false } = {}) {
    const context = await screens.contexte();
    const view = vues.dossiers(etat.dossiers(), context, filters);
    if (asFragment) return screens.fragment(LIST, context, view);
    return screens.page("partages/pages/dossiers.html", context, view, { titre: "Dossiers", onglet: "dossiers" });
  }

  async function search({ request }) {
    const fields = await readForm(request);
    const filters = {
      q: one(fields, "q"),
      conventions: [fields.convention ?? []].flat(),
      retard: one(fields, "retard") === "oui",
    };
    return list(filters, { asFragment: request.headers.get("HX-Request-Type") === "partial" });
  }

  async function open({ parameters }) {
    const dossier = etat.dossier(parameters.id);
    if (!dossier) return screens.unknown();
    const context = await screens.contexte();
    return screens.page("partages/pages/dossier.html", context, vues.dossier(dossier, context, etat.cahiers("action")), {
      titre: "Dossier",
      onglet: "dossiers",
    });
  }

  /** Quelqu'un que l'équipe connaît de la rue, et dont le nom n'est pas à retaper. */
  const met = (id) => (id && etat.cahierOf(id)?.feuilles.find((each) => each.id === id && each.forme === "connu" && !each.retiree_le)) || null;

  const personPage = (context, dossier, shown, statut) =>
    screens.page(
      "partages/pages/personne.html",
      context,
      vues.personne(context, dossier, shown?.saisie, shown?.erreurs, shown?.ressemblances, shown?.connues, met(one(shown?.saisie ?? {}, "connu"))),
      { titre: dossier ? "Modifier la situation" : "Nouvelle personne", onglet: "dossiers", statut },
    );

  /** Ce que l'opération refusée disait, tel que le formulaire l'aurait porté. */
  function correction(context, dossier, entry) {
    if (entry?.etat !== "refusee" || !dossier) return null;
    const shown = correctionOf(entry, dates, fieldsOfPersonPage(vues.personne(context, dossier)));
    // Corrigé plus tard, cela vaut toujours depuis le jour dit alors ; une montre trop en avance n'en décide pas.
    const since = entry.op.champs.date_effet;
    return since && since <= context.aujourd_hui ? { ...shown, saisie: { ...shown.saisie, date_effet: since } } : shown;
  }

  /** Une personne refusée revient avec la mesure notée dans le même formulaire. */
  function creationCorrection(context, entry) {
    const shown = correction(context, entry && etat.dossier(entry.op.personne), entry);
    if (!shown) return null;
    const measure = etat.pendingOn(entry.op.personne).find(({ op }) => op.genre === "ouvrir_mesure");
    return { saisie: { ...shown.saisie, ...measureFields(measure) }, erreurs: { ...errorsOf(measure), ...shown.erreurs } };
  }

  async function newPerson({ url }) {
    const context = await screens.contexte();
    const known = met(url.searchParams.get("connu"));
    if (known) return personPage(context, null, { saisie: { ...vues.depuisLaRue(known, context), connu: known.id } });
    return personPage(context, null, creationCorrection(context, etat.operation(url.searchParams.get("corrige"))));
  }

  async function changePerson({ parameters, url }) {
    const dossier = etat.dossier(parameters.id);
    // En binôme, la page serait vide : la situation ne s'y lit pas.
    if (!dossier || dossier.personne.en_binome) return screens.unknown();
    const context = await screens.contexte();
    return personPage(context, dossier, correction(context, dossier, etat.operation(url.searchParams.get("corrige"))));
  }

  /** Pendant que l'on tape : qui, dans ce carnet et nulle part ailleurs, ressemble à ce qui est écrit. */
  async function lookalikes({ request }) {
    const fields = await readForm(request);
    const context = await screens.contexte();
    const connues = etat.dossiers().map(({ personne }) => personne).filter(({ id }) => id !== one(fields, "entite"));
    const read = saisie.lirePersonne(fields, { ...context, personnes: connues });
    return screens.fragment("partages/fragments/ressemblances.html", context, vues.enTapant(read.ressemblances, connues));
  }

  async function savePerson({ request, parameters }) {
    const fields = await readForm(request);
    const replaced = saving.refusedBy(fields);
    const dossier = parameters.id ? etat.without(parameters.id, replaced?.op.id) : null;
    if (parameters.id && (!dossier || dossier.personne.en_binome)) return screens.unknown();
    const context = await screens.contexte();
    const others = etat.dossiers().filter(({ personne }) => personne.id !== one(fields, "entite"));
    const connues = others.map(({ personne }) => personne);
    const read = saisie.lirePersonne(fields, { ...context, personnes: connues }, dossier?.personne ?? null);
    const again = (erreurs, statut = 422) =>
      personPage(context, dossier, { saisie: fields, erreurs, ressemblances: read.ressemblances ?? [], connues }, statut);
    if (Object.keys(read.erreurs).length || read.a_confirmer) return again(read.erreurs);
    const id = parameters.id ?? read.operations[0].personne;
    return saving.saveOr(again, read.operations, { request, fields, warnings: read.avertissements, to: `/dossiers/${id}` });
  }

  return [
    ["GET", "/", today],
    ["GET", "/dossiers", () => list({})],
    ["POST", "/dossiers/recherche", search],
    ["GET", "/dossiers/recherche", () => list({})],
    ["GET", "/dossiers/:id", open],
    ["GET", "/dossiers/:id/modifier", changePerson],
    ["POST", "/dossiers/:id/modifier", savePerson],
    ["GET", "/personnes/nouvelle", newPerson],
    ["POST", "/personnes/nouvelle", savePerson],
    ["POST", "/personnes/ressemblances", lookalikes],
  ];
}
