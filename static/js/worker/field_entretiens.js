/* Noter un contact, corriger une fiche. */
import { correctionOf } from "./correction.js";
import { one, readForm } from "./form_data.js";

const PAGE = "partages/pages/entretien.html";

export function fieldEntretiens({ etat, screens, saving, vues, saisie, dates }) {
  const form = (context, dossier, { rendezVousId = null, existant = null, shown = null, statut = 200 }) =>
    screens.page(PAGE, context, vues.entretien(dossier, context, rendezVousId, existant, shown?.saisie, shown?.erreurs), {
      titre: existant ? "Corriger la fiche" : "Noter un contact",
      onglet: "noter",
      statut,
    });

  const refused = (id) => {
    const entry = etat.operation(id);
    return entry?.etat === "refusee" ? entry : null;
  };

  async function choose() {
    const context = await screens.contexte();
    const view = vues.choisirDossier(etat.dossiers(), context);
    return screens.page("partages/pages/choisir_dossier.html", context, view, { titre: "Noter un contact", onglet: "noter" });
  }

  async function open({ url }) {
    const id = url.searchParams.get("dossier");
    if (!id) return choose();
    const dossier = etat.dossier(id);
    if (!dossier) return screens.unknown();
    const context = await screens.contexte();
    const entry = refused(url.searchParams.get("corrige"));
    const shown = entry && correctionOf(entry, dates);
    const rendezVousId = shown ? shown.saisie.rendez_vous || null : url.searchParams.get("rendez_vous");
    return form(context, dossier, { rendezVousId, shown });
  }

  async function save({ request }) {
    const fields = await readForm(request);
    const replaced = saving.refusedBy(fields);
    const dossier = etat.without(one(fields, "dossier"), replaced?.op.id);
    if (!dossier) return screens.unknown();
    const context = await screens.contexte();
    const read = saisie.lireEntretien(fields, { ...context, dossier });
    const rendezVousId = one(fields, "rendez_vous") || null;
    const again = (erreurs, statut = 422) => form(context, dossier, { rendezVousId, shown: { saisie: fields, erreurs }, statut });
    if (Object.keys(read.erreurs).length) return again(read.erreurs);
    return saving.saveOr(again, read.operations, { request, fields, warnings: read.avertissements, to: `/dossiers/${dossier.personne.id}` });
  }

  function find(id, withoutOperation) {
    const shown = etat.dossierOf(id);
    const dossier = shown && etat.without(shown.personne.id, withoutOperation);
    const existant = dossier?.entretiens.find((entretien) => entretien.id === id);
    return existant ? { dossier, existant } : null;
  }

  async function change({ parameters, url }) {
    const entry = refused(url.searchParams.get("corrige"));
    const found = find(parameters.id, entry?.op.id);
    if (!found) return screens.unknown();
    const context = await screens.contexte();
    const current = entry && vues.entretien(found.dossier, context, null, found.existant).f;
    const shown = entry && correctionOf(entry, dates, current);
    return form(context, found.dossier, { existant: found.existant, shown });
  }

  async function saveChange({ request, parameters }) {
    const fields = await readForm(request);
    const found = find(parameters.id, saving.refusedBy(fields)?.op.id);
    if (!found) return screens.unknown();
    const { dossier, existant } = found;
    const context = await screens.contexte();
    const read = saisie.lireEntretien(fields, { ...context, dossier }, existant);
    const again = (erreurs, statut = 422) => form(context, dossier, { existant, shown: { saisie: fields, erreurs }, statut });
    if (Object.keys(read.erreurs).length) return again(read.erreurs);
    return saving.saveOr(again, read.operations, { request, fields, warnings: read.avertissements, to: `/dossiers/${dossier.personne.id}` });
  }

  return [
    ["GET", "/entretiens/nouveau", open],
    ["POST", "/entretiens/nouveau", save],
    ["GET", "/entretiens/:id/modifier", change],
    ["POST", "/entretiens/:id/modifier", saveChange],
  ];
}
