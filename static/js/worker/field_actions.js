/* Les actions collectives : inscrire, noter une séance et qui y est venu. Mêmes adresses et mêmes réponses que app/views/actions.py ; en plus,
 * ce que le serveur a refusé se reprend par la page qui le corrige. */
import { actionsDe } from "../domain/action.js";
import { feuille } from "../domain/cahier.js";
import { UNKNOWN, createSheets } from "./sheets.js";

export function fieldActions({ etat, screens, saving, vues, saisie }) {
  const { action: views, formulaireAction: forms } = vues;
  const readers = { inscription: saisie.lireInscription, seance: saisie.lireSeance, presence: saisie.lirePresence };

  const sheets = createSheets({
    etat,
    screens,
    saving,
    around: { titre: "Action collective", onglet: "action" },
    page: "feuille_formulaire",
    unknown: () => list({ statut: 404, message: UNKNOWN }),
  });
  const { find, form, show, unknown } = sheets;

  async function list(around = {}) {
    const context = await screens.contexte();
    return show("actions", context, views.actions(etat.cahiers(), context), around);
  }

  function held({ parameters }) {
    const cahier = etat.cahier(parameters.cahier);
    return cahier && actionsDe([cahier]).length ? { cahier } : null;
  }

  async function one(asked) {
    const found = held(asked);
    if (!found) return unknown();
    const context = await screens.contexte();
    return show("action", context, views.action(found.cahier, context));
  }

  /** Qui s'inscrit : l'un de ses dossiers, ou quelqu'un d'ailleurs ; `seance` : celle où elle est venue sans l'être. */
  function entry(asked) {
    const found = held(asked);
    const { searchParams } = asked.url;
    const [qui, wanted] = [searchParams.get("qui"), searchParams.get("seance")];
    const seance = found && feuille(found.cahier, wanted);
    const dossier = qui && qui !== "ailleurs" ? etat.dossier(qui) : null;
    if (!found || (wanted && seance?.forme !== "seance") || (qui && qui !== "ailleurs" && !dossier)) return null;
    return { ...found, seance, dossier };
  }

  const entering = form(
    entry,
    ({ cahier, dossier, seance }, context, fields, erreurs) => forms.inscription(cahier, context, dossier, seance, fields, erreurs),
    (fields, context, { dossier }) => saisie.lireInscription(fields, { ...context, dossier_id: dossier?.personne.id ?? null }),
    ({ cahier, seance }) => (seance ? `/seances/${seance.id}` : views.adresse(cahier)),
  );

  async function choose(asked) {
    const found = entry(asked);
    if (!found) return unknown();
    const context = await screens.contexte();
    return show("inscrire", context, views.inscrire(found.cahier, context, etat.dossiers(), found.seance?.id));
  }

  const fresh = form(
    held,
    ({ cahier }, context, fields, erreurs) => forms.seance(cahier, context, fields, erreurs),
    (fields, context) => saisie.lireSeance(fields, context),
    ({ cahier }) => views.adresse(cahier),
  );

  const sheet = form(
    ({ parameters }) => find("seance", parameters.feuille),
    ({ cahier, record }, context, fields, erreurs) => views.seance(cahier, context, record, fields, erreurs),
    (fields, context, { record }) => saisie.lirePresences(fields, context, record),
    ({ record }) => `/seances/${record.id}`,
    "seance",
  );

  const placeOf = (code, { cahier, record }, [noted]) => {
    if (code === "inscription") return views.adresse(cahier);
    return `/seances/${code === "seance" ? (record?.id ?? noted.entite) : (record?.valeurs ?? noted.champs).seance_id}`;
  };

  const fixing = (code) =>
    sheets.fixing(code, {
      view: (found, context, fields, erreurs) => forms.corriger(code, found.cahier, context, found.record, fields, erreurs),
      lire: (fields, context, { record }) => readers[code](fields, { ...context, dossier_id: fields.dossier_id }, record),
      lireRetrait: saisie.lireRetrait,
      to: (found, operations) => placeOf(code, found, operations),
      afterWithdrawal: code === "presence" ? null : ({ cahier }) => views.adresse(cahier),
    });

  return [
    ["GET", "/actions", () => list()],
    ["GET", "/actions/:cahier", one],
    ["GET", "/actions/:cahier/inscrire", (asked) => (asked.url.searchParams.has("qui") ? entering.open(asked) : choose(asked))],
    ["POST", "/actions/:cahier/inscrire", entering.save],
    ["GET", "/actions/:cahier/seance", fresh.open],
    ["POST", "/actions/:cahier/seance", fresh.save],
    ["GET", "/seances/:feuille", sheet.open],
    ["POST", "/seances/:feuille", sheet.save],
    ...Object.keys(readers).flatMap(fixing),
    ["GET", "/(actions|inscriptions|seances|presences)(/.*)?", unknown],
  ];
}
