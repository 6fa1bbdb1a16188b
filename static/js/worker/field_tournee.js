/* La journée lieu par lieu, sa clôture, et ce qu'on en déplace quand la salle manque. */
import { readForm } from "./form_data.js";

export function fieldTournee({ etat, screens, saving, vues, saisie }) {
  const read = (name, titre) => async ({ url }) => {
    const context = await screens.contexte();
    const view = vues[name](etat.dossiers(), context, url.searchParams.get("jour"));
    return screens.page(`partages/pages/${name}.html`, context, view, { titre, onglet: "journee" });
  };

  const view = ({ url }, context, fields = null, erreurs = null) =>
    vues.deplacement(etat.dossiers(), context, url.searchParams.get("jour"), url.searchParams.get("lieu"), fields, erreurs);

  const roomPage = (context, shown, statut = 200) =>
    screens.page("partages/pages/deplacement.html", context, shown, { titre: "Déplacer la journée", onglet: "journee", statut });

  async function room(asked) {
    const context = await screens.contexte();
    return roomPage(context, view(asked, context));
  }

  /** Chaque rendez-vous a son opération, d'un seul geste ; puis vient de quoi prévenir. */
  async function move(asked) {
    const { request } = asked;
    const fields = await readForm(request);
    const context = await screens.contexte();
    const read = saisie.lireDeplacement(fields, { ...context, dossiers: etat.dossiers() });
    const again = (erreurs, statut = 422) => roomPage(context, view(asked, context, fields, erreurs), statut);
    if (Object.keys(read.erreurs).length) return again(read.erreurs);
    const to = `/tournee/prevenir?${read.operations.map(({ entite }) => `r=${entite}`).join("&")}`;
    const message = vues.messageDeplacement(read.operations, read.avertissements);
    return saving.saveOr(again, read.operations, { request, fields, to, message });
  }

  async function tell({ url }) {
    const context = await screens.contexte();
    const shown = vues.prevenir(etat.dossiers(), context, url.searchParams.getAll("r"));
    return screens.page("partages/pages/prevenir.html", context, shown, { titre: "Prévenir chacun", onglet: "journee" });
  }

  return [
    ["GET", "/tournee/salle", room],
    ["POST", "/tournee/salle", move],
    ["GET", "/tournee/prevenir", tell],
    ["GET", "/tournee", read("tournee", "Tournée")],
    ["GET", "/tournee/cloture", read("cloture", "Clore la journée")],
  ];
}
