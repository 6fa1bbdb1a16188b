/* Noter un contact, corriger une fiche. */
import { createDossierForm } from "./dossier_form.js";
import { one } from "./form_data.js";

/** Le rendez-vous dont l'entretien rend compte : celui de la fiche, de la saisie, ou de l'adresse. */
const appointmentOf = (existant, shown, url) =>
  existant?.rendez_vous_id ?? (shown ? one(shown.saisie, "rendez_vous") || null : url?.searchParams.get("rendez_vous") ?? null);

export function fieldEntretiens(parts) {
  const { etat, screens, vues, saisie } = parts;

  /** Venue sans rendez-vous : la personne choisie, le lieu est déjà dit. */
  async function choose(url) {
    const lieu = url.searchParams.get("lieu");
    const context = await screens.contexte();
    const view = { ...vues.choisirDossier(etat.dossiers(), context), suite: lieu && `&lieu=${encodeURIComponent(lieu)}` };
    return screens.page("partages/pages/choisir_dossier.html", context, view, { titre: "Noter un contact", onglet: "noter" });
  }

  const form = createDossierForm(parts, {
    template: "partages/pages/entretien.html",
    onglet: "noter",
    titles: { fresh: "Noter un contact", existing: "Corriger la fiche" },
    list: "entretiens",
    view: (dossier, context, existant, shown, url) =>
      vues.entretien(dossier, context, appointmentOf(existant, shown, url), existant, shown?.saisie, shown?.erreurs, url?.searchParams.get("lieu")),
    read: (fields, context, existant) => saisie.lireEntretien(fields, context, existant),
    noDossier: choose,
  });

  return [
    ["GET", "/entretiens/nouveau", form.open],
    ["POST", "/entretiens/nouveau", form.save],
    ["GET", "/entretiens/:fiche/modifier", form.change],
    ["POST", "/entretiens/:fiche/modifier", form.saveChange],
  ];
}
