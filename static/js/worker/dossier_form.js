/* Le formulaire d'une fiche d'un dossier : l'ouvrir, l'enregistrer, le corriger. Entretien, rendez-vous et mesure n'en diffèrent que
 * par leur page, leur lecture et leur modèle de vue : miroir de `Formulaire`, dans app/views/formulaire.py. */
import { correctionOf } from "./correction.js";
import { one, readForm } from "./form_data.js";

/**
 * @param {{
 *   template: string, onglet: string, titles: {fresh: string, existing: string}, list: string,
 *   view: (dossier: object, context: object, existant: object|null, shown: {saisie, erreurs}|null, url: URL|null) => object,
 *   read: (fields: object, context: object, existant: object|null) => object,
 *   dossierId?: (request: {parameters, url, fields}) => string,
 *   noDossier?: (url: URL) => Promise<Response>,
 *   followed?: boolean,
 * }} form  `list` : la liste du dossier où vit la fiche ; `followed` : qui n'a ce dossier qu'en binôme n'a pas ce formulaire
 */
export function createDossierForm({ etat, screens, saving, dates }, form) {
  const idOf = form.dossierId ?? (({ url, fields }) => (fields ? one(fields, "dossier") : url.searchParams.get("dossier")));

  const mine = (dossier) => (form.followed && dossier?.personne.en_binome ? null : dossier);

  const page = (context, dossier, existant, shown, { url = null, statut = 200 } = {}) =>
    screens.page(form.template, context, form.view(dossier, context, existant, shown, url), {
      titre: existant ? form.titles.existing : form.titles.fresh,
      onglet: form.onglet,
      statut,
    });

  const refused = (id) => {
    const entry = etat.operation(id);
    return entry?.etat === "refusee" ? entry : null;
  };

  /** La fiche à corriger, comme si l'opération refusée n'avait pas été notée. */
  function find(id, withoutOperation) {
    const shown = etat.dossierOf(id);
    const dossier = shown && mine(etat.without(shown.personne.id, withoutOperation));
    const existant = dossier?.[form.list].find((record) => record.id === id);
    return existant ? { dossier, existant } : null;
  }

  async function open({ url, parameters }) {
    const id = idOf({ url, parameters });
    if (!id && form.noDossier) return form.noDossier(url);
    const dossier = mine(etat.dossier(id));
    if (!dossier) return screens.unknown();
    const entry = refused(url.searchParams.get("corrige"));
    return page(await screens.contexte(), dossier, null, entry && correctionOf(entry, dates), { url });
  }

  async function change({ parameters, url }) {
    const entry = refused(url.searchParams.get("corrige"));
    const found = find(parameters.fiche, entry?.op.id);
    if (!found) return screens.unknown();
    const context = await screens.contexte();
    const current = entry && form.view(found.dossier, context, found.existant, null, null).f;
    return page(context, found.dossier, found.existant, entry && correctionOf(entry, dates, current));
  }

  async function keep({ request, fields }, dossier, existant) {
    const context = await screens.contexte();
    const read = form.read(fields, { ...context, dossier }, existant);
    const again = (erreurs, statut = 422) => page(context, dossier, existant, { saisie: fields, erreurs }, { statut });
    if (Object.keys(read.erreurs).length) return again(read.erreurs);
    const to = form.after?.(dossier, existant) ?? `/dossiers/${dossier.personne.id}`;
    const around = { request, fields, warnings: read.avertissements, to };
    return saving.saveOr(again, read.operations, around);
  }

  async function save({ request, url, parameters }) {
    const fields = await readForm(request);
    const dossier = mine(etat.without(idOf({ url, parameters, fields }), saving.refusedBy(fields)?.op.id));
    return dossier ? keep({ request, fields }, dossier, null) : screens.unknown();
  }

  async function saveChange({ request, parameters }) {
    const fields = await readForm(request);
    const found = find(parameters.fiche, saving.refusedBy(fields)?.op.id);
    return found ? keep({ request, fields }, found.dossier, found.existant) : screens.unknown();
  }

  return { open, save, change, saveChange };
}
