/* Envoi : ce qui attend, ce qui est refusé, « Envoyer maintenant » ; et l'aide à l'installation. */
import { STORES } from "./schema.js";

const DAY = 86_400_000;

export function fieldEnvoi({ etat, store, screens, courier, responses, vues, background, now, frame }) {
  async function deviceOf() {
    const [settings, last] = await Promise.all([store.get(STORES.meta, "reglages"), store.get(STORES.meta, "dernier_echange")]);
    if (!etat.appareil) return null;
    const left = settings && last ? settings.bail_jours - Math.floor((now() - Date.parse(last.instant)) / DAY) : null;
    return { nom: etat.appareil.nom, bail_jours_restants: left === null ? null : Math.max(0, left) };
  }

  async function show() {
    const context = await screens.contexte();
    const dossiers = Object.fromEntries(etat.dossiers().map((dossier) => [dossier.personne.id, dossier]));
    const view = vues.envoi(dossiers, etat.operations(), context, context.envoi.en_cours, await deviceOf());
    return screens.page("partages/pages/envoi.html", context, view, { titre: "Envoi", onglet: "envoi" });
  }

  async function send({ request }) {
    background(request, () => courier.send("main"));
    return responses.seeOther("/envoi");
  }

  /** L'aide ne dit rien de personne : elle se lit carnet ouvert ou fermé. */
  async function help() {
    const around = frame({ titre: "Installer Jalon", envoi: await courier.state(), utilisateur: etat.reference?.utilisateur });
    return responses.html("partages/pages/installation.html", around);
  }

  return {
    routes: [
      ["GET", "/envoi", show],
      ["POST", "/envoi/maintenant", send],
      ["GET", "/envoi/maintenant", () => responses.seeOther("/envoi")],
    ],
    open: [["GET", "/aide/installation", help]],
  };
}
