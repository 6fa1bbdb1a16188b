/* La maraude : partir, rencontrer, rentrer, corriger, et ceux que l'on reconnaît. Mêmes adresses et mêmes réponses que app/views/maraudes.py ;
 * en plus, ce que le serveur a refusé se reprend par la page qui le corrige. */
import { feuille } from "../domain/cahier.js";
import { nomme } from "../domain/maraude.js";
import { errorsOf } from "./correction.js";
import { one, readForm } from "./form_data.js";

const AROUND = { titre: "Maraude", onglet: "maraude" };
const PATHS = { maraude: "maraudes", rencontre: "rencontres", connu: "connus" };
const UNKNOWN = { texte: "Cette page n’est pas, ou plus, dans votre carnet.", ton: null, annuler: null };

export function fieldMaraudes({ etat, screens, saving, vues, saisie }) {
  const { maraude: views, formulaireMaraude: forms } = vues;
  const readers = { maraude: saisie.lireMaraude, rencontre: saisie.lireRencontre, connu: saisie.lireConnu };

  const show = (name, context, view, around = {}) => screens.page(`partages/pages/${name}.html`, context, view, { ...AROUND, ...around });

  async function list(around = {}) {
    const context = await screens.contexte();
    return show("maraudes", context, views.maraudes(etat.cahiers(), context), around);
  }

  const unknown = () => list({ statut: 404, message: UNKNOWN });

  /** La feuille de cette adresse et son cahier ; `without` : comme si cette opération refusée n'avait pas été notée. */
  function find(code, id, without = null) {
    const held = etat.cahierOf(id);
    const cahier = held && etat.cahierWithout(held.cahier.id, without);
    const record = cahier?.feuilles.find((each) => each.id === id && each.forme === code) ?? null;
    return record || (without && cahier) ? { cahier, record } : null;
  }

  /** Un écran de lecture. */
  const read = (code, name) => async ({ parameters }) => {
    const found = find(code, parameters.feuille);
    if (!found) return unknown();
    const context = await screens.contexte();
    return show(name, context, views[name](found.cahier, context, found.record));
  };

  /**
   * Un formulaire : `locate(asked, fields)` trouve ce qu'il montre, `view(found, context, fields, erreurs)` le rend, `lire(fields, context,
   * found)` en fait des opérations, `after(found, operations)` dit où mener.
   */
  function form(locate, view, lire, after) {
    const page = (found, context, fields, erreurs, statut) =>
      show("maraude_formulaire", context, view(found, context, fields, erreurs), { statut });

    return {
      async open(asked) {
        const found = locate(asked, null);
        if (!found) return unknown();
        const { fields = null, erreurs } = found.correction ?? {};
        return page(found, await screens.contexte(), fields, erreurs);
      },
      async save(asked) {
        const { request } = asked;
        const fields = await readForm(request);
        const found = locate(asked, fields);
        if (!found) return unknown();
        const context = await screens.contexte();
        const { erreurs, operations, avertissements } = lire(fields, { ...context, cahier: found.cahier }, found);
        const again = (reasons, statut = 422) => page(found, context, found.bare ? null : fields, reasons, statut);
        if (Object.keys(erreurs).length) return again(erreurs);
        const to = views.suiteDe(operations, after(found, operations));
        return saving.saveOr(again, operations, { request, fields, to, warnings: avertissements });
      },
    };
  }

  const sectors = () => views.secteursDe(etat.cahiers());

  function sector({ url }, fields) {
    const held = sectors();
    const asked = fields ? one(fields, "cahier") : url.searchParams.get("cahier");
    const cahier = asked ? held.find((each) => each.cahier.id === asked) : held.length === 1 && held[0];
    return cahier ? { cahier } : null;
  }

  const fresh = form(
    sector,
    ({ cahier }, context, fields, erreurs) => forms.nouvelle(cahier, context, fields, erreurs),
    (fields, context) => saisie.lireMaraude(fields, context),
    (_found, [{ entite }]) => `/maraudes/${entite}`,
  );

  /** La voie choisie : « nouveau », « compter », ou quelqu'un de connu de ce secteur. Un nom retiré pendant que l'on écrivait ne perd pas
   * la rencontre. */
  function way({ url, parameters }, sent) {
    const found = find("maraude", parameters.feuille);
    const qui = url.searchParams.get("qui");
    const known = found && (sent ? feuille : nomme)(found.cahier, qui);
    return known || ["nouveau", "compter"].includes(qui) ? found && { ...found, qui } : null;
  }

  const meeting = form(
    way,
    ({ cahier, record, qui }, context, fields, erreurs) => forms.rencontre(cahier, context, record, qui, fields, erreurs),
    (fields, context) => saisie.lireRencontre(fields, context),
    ({ record }) => `/maraudes/${record.id}`,
  );

  const choose = read("maraude", "rencontrer");

  const end = form(
    ({ parameters }) => find("maraude", parameters.feuille),
    ({ cahier, record }, context, fields, erreurs) => forms.retour(cahier, context, record, fields, erreurs),
    (fields, context, { record }) => saisie.lireRetour(fields, context, record),
    () => "/maraudes",
  );

  const refused = (id) => {
    const entry = etat.operation(id);
    return entry?.etat === "refusee" ? entry : null;
  };

  /** La feuille à corriger ; refusée à sa création, elle n'est plus qu'une saisie à reprendre. */
  const located = (code) => ({ url, parameters }, sent) => {
    const entry = sent ? saving.refusedBy(sent) : refused(url.searchParams.get("corrige"));
    const found = find(code, parameters.feuille, entry?.op.id);
    if (!found || !entry || sent) return found;
    const filled = forms.enSaisie(code, { ...found.record?.valeurs, ...entry.op.champs });
    const fields = { ...filled, entite: parameters.feuille, remplace: entry.op.id };
    return { ...found, correction: { fields, erreurs: errorsOf(entry) } };
  };

  const placeOf = (code, { record }, [noted]) =>
    code === "rencontre" ? `/maraudes/${(record?.valeurs ?? noted.champs).maraude_id}` : `/${PATHS[code]}/${record?.id ?? noted.entite}`;

  function fixing(code) {
    const correct = ({ cahier, record }, context, fields, erreurs) => forms.corriger(code, cahier, context, record, fields, erreurs);
    const change = form(
      located(code),
      correct,
      (fields, context, { record }) => readers[code](fields, context, record),
      (found, operations) => placeOf(code, found, operations),
    );
    const bare = ({ parameters }) => {
      const found = find(code, parameters.feuille);
      return found && { ...found, bare: true };
    };
    const withdraw = form(
      bare,
      correct,
      (fields, _context, { record }) => saisie.lireRetrait(fields, { piece: record }),
      (found) => (code === "rencontre" ? placeOf(code, found, []) : "/maraudes"),
    );
    const path = `/${PATHS[code]}/:feuille`;
    return [
      ["GET", `${path}/modifier`, change.open],
      ["POST", `${path}/modifier`, change.save],
      ["POST", `${path}/retirer`, withdraw.save],
    ];
  }

  const told = form(
    ({ parameters }) => find("connu", parameters.feuille),
    ({ cahier, record }, context, _fields, erreurs) => forms.corriger("connu", cahier, context, record, null, erreurs),
    (fields, context, { record }) => saisie.lireRedit(fields, context, record),
    ({ record }) => `/connus/${record.id}`,
  );

  return [
    ["GET", "/maraudes", () => list()],
    ["GET", "/maraudes/nouvelle", fresh.open],
    ["POST", "/maraudes/nouvelle", fresh.save],
    ["GET", "/maraudes/:feuille", read("maraude", "maraude")],
    ["GET", "/maraudes/:feuille/rencontre", (asked) => (asked.url.searchParams.has("qui") ? meeting.open(asked) : choose(asked))],
    ["POST", "/maraudes/:feuille/rencontre", meeting.save],
    ["GET", "/maraudes/:feuille/fin", end.open],
    ["POST", "/maraudes/:feuille/fin", end.save],
    ["GET", "/rencontres/:feuille/danger", read("rencontre", "danger")],
    ["GET", "/connus/:feuille", read("connu", "connu")],
    ["POST", "/connus/:feuille/redit", told.save],
    ...Object.keys(PATHS).flatMap(fixing),
    ["GET", "/(maraudes|rencontres|connus)(/.*)?", unknown],
  ];
}
