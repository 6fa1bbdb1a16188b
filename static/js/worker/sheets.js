/* Les écrans des feuilles d'un cahier, quel qu'en soit le genre : les lire, les noter, les corriger, les retirer. */
import { feuille } from "../domain/cahier.js";
import { enSaisie, urlDe } from "../viewmodels/feuille.js";
import { errorsOf } from "./correction.js";
import { readForm } from "./form_data.js";

export const UNKNOWN = { texte: "Cette page n’est pas, ou plus, dans votre carnet.", ton: null, annuler: null };

/**
 * `around` : titre et onglet de ces écrans ; `page` : le gabarit de leurs formulaires ; `unknown` : la page d'une adresse que ce carnet n'a
 * pas ; `after(operations, to)` : où mène un enregistrement.
 */
export function createSheets({ etat, screens, saving, around, page, unknown, after = (_operations, to) => to }) {
  const show = (name, context, view, more = {}) => screens.page(`partages/pages/${name}.html`, context, view, { ...around, ...more });

  /** La feuille de cette adresse et son cahier ; `without` : comme si cette opération refusée n'avait pas été notée. */
  function find(code, id, without = null) {
    const held = etat.cahierOf(id);
    const cahier = held && etat.cahierWithout(held.cahier.id, without);
    const known = cahier && feuille(cahier, id);
    const record = known?.forme === code ? known : null;
    return record || (without && cahier) ? { cahier, record } : null;
  }

  /** Un écran de lecture. */
  const read = (code, name, view) => async ({ parameters }) => {
    const found = find(code, parameters.feuille);
    if (!found) return unknown();
    const context = await screens.contexte();
    return show(name, context, view(found.cahier, context, found.record));
  };

  /**
   * Un formulaire : `locate(asked, fields)` trouve ce qu'il montre, `view(found, context, fields, erreurs)` le rend, `lire(fields, context,
   * found)` en fait des opérations, `to(found, operations)` dit où mener.
   */
  function form(locate, view, lire, to, template = page) {
    const shown = (found, context, fields, erreurs, statut) => show(template, context, view(found, context, fields, erreurs), { statut });

    return {
      async open(asked) {
        const found = await locate(asked, null);
        if (!found) return unknown();
        const { fields = null, erreurs } = found.correction ?? {};
        return shown(found, await screens.contexte(), fields, erreurs);
      },
      async save(asked) {
        const { request } = asked;
        const fields = await readForm(request);
        const found = await locate(asked, fields);
        if (!found) return unknown();
        const context = await screens.contexte();
        const { erreurs, operations, avertissements } = lire(fields, { ...context, cahier: found.cahier }, found);
        const again = (reasons, statut = 422) => shown(found, context, found.bare ? null : fields, reasons, statut);
        if (Object.keys(erreurs).length) return again(erreurs);
        return saving.saveOr(again, operations, { request, fields, to: after(operations, to(found, operations)), warnings: avertissements });
      },
    };
  }

  const refused = (id) => {
    const entry = etat.operation(id);
    return entry?.etat === "refusee" ? entry : null;
  };

  /** La feuille à corriger ; refusée à sa création, elle n'est plus qu'une saisie à reprendre. */
  const located = (code) => ({ url, parameters }, sent) => {
    const entry = sent ? saving.refusedBy(sent) : refused(url.searchParams.get("corrige"));
    const found = find(code, parameters.feuille, entry?.op.id);
    if (!found || !entry || sent) return found;
    const filled = enSaisie(code, { ...found.record?.valeurs, ...entry.op.champs });
    const fields = { ...filled, entite: parameters.feuille, remplace: entry.op.id };
    return { ...found, correction: { fields, erreurs: errorsOf(entry) } };
  };

  /** Corriger et retirer une feuille, quelle qu'elle soit ; sans `afterWithdrawal`, elle ne se retire pas, elle se change. */
  function fixing(code, { view, lire, lireRetrait, to, afterWithdrawal }) {
    const change = form(located(code), view, lire, to);
    const bare = ({ parameters }) => {
      const found = find(code, parameters.feuille);
      return found && { ...found, bare: true };
    };
    const withdraw = form(bare, view, (fields, _context, { record }) => lireRetrait(fields, { piece: record }), afterWithdrawal);
    const path = urlDe(code, ":feuille");
    return [
      ["GET", `${path}/modifier`, change.open],
      ["POST", `${path}/modifier`, change.save],
      ...(afterWithdrawal ? [["POST", `${path}/retirer`, withdraw.save]] : []),
    ];
  }

  return { find, fixing, form, read, show, unknown };
}
