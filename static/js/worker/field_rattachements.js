/* Rattacher à un dossier quelqu'un que l'on connaît de la rue, l'en détacher. Miroir de app/views/rattachements.py. */
import { ACCOMPAGNANTS } from "#jalon/permissions";
import { one, readForm } from "./form_data.js";

const AROUND = { titre: "Rattacher", onglet: "maraude" };
const DETACHED = { texte: "Détachée\u202f: ses rencontres restent au cahier.", ton: "fait", annuler: null };

export function fieldRattachements({ etat, screens, saving, vues, saisie }) {
  /** Quelqu'un de connu d'un cahier que l'on tient. */
  function find(id) {
    const cahier = etat.cahierOf(id);
    const connu = cahier?.feuilles.find((each) => each.id === id && each.forme === "connu" && !each.retiree_le);
    return connu && ACCOMPAGNANTS.includes(etat.reference.utilisateur.role) ? { cahier, connu } : null;
  }

  const followed = (id) => {
    const dossier = etat.dossier(id);
    return dossier?.personne.en_binome ? null : dossier;
  };

  const show = ({ cahier, connu }, dossier, context, fields, erreurs, statut) =>
    screens.page("partages/pages/rattacher.html", context, vues.rattacher(cahier, connu, dossier, context, fields, erreurs), { ...AROUND, statut });

  async function open({ parameters, url }) {
    const found = find(parameters.id);
    if (!found) return screens.unknown();
    const context = await screens.contexte();
    const asked = url.searchParams.get("dossier");
    if (!asked) {
      const view = vues.choisirDossier(etat.dossiers(), context, `/connus/${parameters.id}/rattacher`);
      return screens.page("partages/pages/choisir_dossier.html", context, { ...view, ...vues.aQuelDossier(found.cahier, found.connu, context) }, AROUND);
    }
    const dossier = followed(asked);
    return dossier ? show(found, dossier, context) : screens.unknown();
  }

  async function attach({ request, parameters }) {
    const found = find(parameters.id);
    const fields = await readForm(request);
    const dossier = followed(one(fields, "dossier"));
    if (!found || !dossier) return screens.unknown();
    const context = await screens.contexte();
    const { erreurs, operations } = saisie.lireRattachement(fields, { ...context, ...found, dossier });
    const again = (reasons, statut = 422) => show(found, dossier, context, fields, reasons, statut);
    if (Object.keys(erreurs).length) return again(erreurs);
    return saving.saveOr(again, operations, { request, fields, to: `/connus/${found.connu.id}` });
  }

  async function detach({ request, parameters }) {
    const dossier = followed(parameters.id);
    const rattachement = dossier?.personne.rattachements?.find(({ id }) => id === parameters.fiche);
    if (!rattachement) return screens.unknown();
    const fields = await readForm(request);
    const { operations } = saisie.lireDetachement(fields, { dossier, rattachement });
    return saving.saveOrTell(operations, { request, fields, to: `/dossiers/${dossier.personne.id}`, message: DETACHED });
  }

  return [
    ["GET", "/connus/:id/rattacher", open],
    ["POST", "/connus/:id/rattacher", attach],
    ["POST", "/dossiers/:id/rattachements/:fiche/detacher", detach],
  ];
}
