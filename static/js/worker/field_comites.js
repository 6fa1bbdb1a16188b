/* Le comité, dans la salle : mêmes adresses et mêmes réponses que app/views/situations.py ; en plus, ce que le serveur a refusé se reprend par
 * la page qui le corrige. */
import { nomAffiche } from "../domain/personne.js";
import { cle } from "../domain/recherche.js";
import { trierPar } from "../viewmodels/contexte.js";
import { createSheets, UNKNOWN } from "./sheets.js";

export function fieldComites({ etat, screens, saving, vues, saisie }) {
  const { comite: views } = vues;
  const { fixing, form, show, unknown } = createSheets({
    etat,
    screens,
    saving,
    around: { titre: "Comité", onglet: "comite" },
    page: "situation",
    unknown: () => list({ statut: 404, message: UNKNOWN }),
  });

  async function list(around = {}) {
    const context = await screens.contexte();
    return show("comites", context, views.comites(etat.cahiers(), context), around);
  }

  const held = ({ parameters }) => {
    const cahier = etat.cahier(parameters.comite);
    return cahier?.cahier.genre === "comite" ? { cahier, record: null } : null;
  };

  /** Ceux qu'elle suit : ce qu'une situation imprévue peut désigner. */
  const dossiers = () =>
    trierPar(
      etat.dossiers().map(({ personne }) => ({ id: personne.id, nom: nomAffiche(personne) })),
      ({ id, nom }) => [cle(nom), id],
    );

  const view = ({ cahier, record }, context, fields, erreurs) => views.situation(cahier, context, record, fields, erreurs, dossiers());
  const lire = (fields, context, { record }) => saisie.lireSituation(fields, { ...context, dossiers: dossiers() }, record);
  const home = ({ cahier }) => `/comites/${cahier.cahier.id}`;
  const more = form(held, view, lire, home);

  async function one(asked) {
    const found = held(asked);
    const context = await screens.contexte();
    if (!found || !views.comitesDe([found.cahier], context.aujourd_hui).length) return unknown();
    return show("comite", context, views.comite(found.cahier, context));
  }

  return [
    ["GET", "/comites", () => list()],
    ["GET", "/comites/:comite", one],
    ["GET", "/comites/:comite/situation", more.open],
    ["POST", "/comites/:comite/situation", more.save],
    ...fixing("situation", {
      view,
      lire,
      lireRetrait: saisie.lireRetrait,
      to: ({ cahier, record }) => views.vers(cahier, record),
      afterWithdrawal: home,
    }),
    ["GET", "/(comites|situations)(/.*)?", unknown],
  ];
}
