/* La maraude : partir, rencontrer, rentrer, corriger, et ceux que l'on reconnaît. Mêmes adresses et mêmes réponses que app/views/maraudes.py ;
 * en plus, ce que le serveur a refusé se reprend par la page qui le corrige. */
import { feuille, feuillesDe } from "../domain/cahier.js";
import { nomme } from "../domain/maraude.js";
import { urlDe } from "../viewmodels/feuille.js";
import { one } from "./form_data.js";
import { createSheets, UNKNOWN } from "./sheets.js";

export function fieldMaraudes({ etat, screens, saving, vues, saisie }) {
  const { maraude: views, connu: people, formulaireMaraude: forms } = vues;
  const readers = { maraude: saisie.lireMaraude, rencontre: saisie.lireRencontre, connu: saisie.lireConnu, prevue: saisie.lirePrevue };

  const sheets = createSheets({
    etat,
    screens,
    saving,
    around: { titre: "Maraude", onglet: "maraude" },
    page: "maraude_formulaire",
    unknown: () => list({ statut: 404, message: UNKNOWN }),
    after: (operations, to) => views.suiteDe(operations, to),
  });
  const { find, form, read, show, unknown } = sheets;

  async function list(around = {}) {
    const context = await screens.contexte();
    return show("maraudes", context, views.maraudes(etat.cahiers(), context), around);
  }

  const known = () => etat.dossiers().map(({ personne }) => personne);

  const sectors = () => views.secteursDe(etat.cahiers());

  function sector({ url }, fields) {
    const held = sectors();
    const asked = fields ? one(fields, "cahier") : url.searchParams.get("cahier");
    const cahier = asked ? held.find((each) => each.cahier.id === asked) : held.length === 1 && held[0];
    const planned = fields ? one(fields, "prevue") : url.searchParams.get("prevue");
    return cahier ? { cahier, prevue: feuillesDe(cahier, "prevue").find(({ id }) => id === planned) ?? null } : null;
  }

  const fresh = form(
    sector,
    ({ cahier, prevue }, context, fields, erreurs) => forms.nouvelle(cahier, context, prevue, fields, erreurs),
    (fields, context) => saisie.lireMaraude(fields, context),
    (_found, [{ entite }]) => `/maraudes/${entite}`,
  );

  const plan = form(
    sector,
    ({ cahier }, context, fields, erreurs) => forms.prevoir(cahier, context, fields, erreurs),
    (fields, context) => saisie.lirePrevue(fields, context),
    () => "/maraudes",
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

  const choose = read("maraude", "rencontrer", (...shown) => people.rencontrer(...shown));

  const end = form(
    ({ parameters }) => find("maraude", parameters.feuille),
    ({ cahier, record }, context, fields, erreurs) => forms.retour(cahier, context, record, fields, erreurs),
    (fields, context, { record }) => saisie.lireRetour(fields, context, record),
    () => "/maraudes",
  );

  function placeOf(code, { record }, [noted]) {
    if (code === "rencontre") return urlDe("maraude", (record?.valeurs ?? noted.champs).maraude_id);
    return code === "prevue" ? "/maraudes" : urlDe(code, record?.id ?? noted.entite);
  }

  const fixing = (code) =>
    sheets.fixing(code, {
      view: (found, context, fields, erreurs) => forms.corriger(code, found.cahier, context, found.record, fields, erreurs),
      lire: (fields, context, { record }) => readers[code](fields, context, record),
      lireRetrait: saisie.lireRetrait,
      to: (found, operations) => placeOf(code, found, operations),
      afterWithdrawal: (found) => (code === "rencontre" ? placeOf(code, found, []) : "/maraudes"),
    });

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
    ["GET", "/maraudes/prevoir", plan.open],
    ["POST", "/maraudes/prevoir", plan.save],
    ["GET", "/maraudes/:feuille", read("maraude", "maraude", (...shown) => views.maraude(...shown))],
    ["GET", "/maraudes/:feuille/rencontre", (asked) => (asked.url.searchParams.has("qui") ? meeting.open(asked) : choose(asked))],
    ["POST", "/maraudes/:feuille/rencontre", meeting.save],
    ["GET", "/maraudes/:feuille/fin", end.open],
    ["POST", "/maraudes/:feuille/fin", end.save],
    ["GET", "/rencontres/:feuille/danger", read("rencontre", "danger", (...shown) => views.danger(...shown))],
    ["GET", "/connus/:feuille", read("connu", "connu", (...shown) => people.connu(...shown, known()))],
    ["POST", "/connus/:feuille/redit", told.save],
    ...Object.keys(readers).flatMap(fixing),
    ["GET", "/(maraudes|prevues|rencontres|connus)(/.*)?", unknown],
  ];
}
