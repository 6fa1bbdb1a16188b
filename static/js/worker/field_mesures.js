/* Ouvrir une mesure pour quelqu'un que l'on connaît, dater son premier contact et son entrée. */
import { createDossierForm } from "./dossier_form.js";

const EXIT = "Sortie de la mesure";

export function fieldMesures(parts) {
  const { vues, saisie } = parts;
  const form = createDossierForm(parts, {
    template: "partages/pages/mesure.html",
    onglet: "dossiers",
    titles: { fresh: "Ouvrir une mesure", existing: "Dates de la mesure" },
    list: "mesures",
    view: (dossier, context, existante, shown) => vues.mesure(dossier, context, existante, shown?.saisie, shown?.erreurs),
    read: (fields, context, existante) => saisie.lireMesure(fields, context, existante),
    dossierId: ({ parameters }) => parameters.id,
    followed: true,
  });

  const exit = createDossierForm(parts, {
    template: "partages/pages/piece_formulaire.html",
    onglet: "dossiers",
    titles: { fresh: EXIT, existing: EXIT },
    list: "mesures",
    view: (dossier, context, existante, shown) => vues.sortie(dossier, context, existante, shown?.saisie, shown?.erreurs),
    read: (fields, context, existante) => saisie.lireSortie(fields, context, existante),
    followed: true,
  });

  return [
    ["GET", "/dossiers/:id/mesures/nouvelle", form.open],
    ["POST", "/dossiers/:id/mesures/nouvelle", form.save],
    ["GET", "/dossiers/:id/mesures/:fiche/modifier", form.change],
    ["POST", "/dossiers/:id/mesures/:fiche/modifier", form.saveChange],
    ["GET", "/dossiers/:id/mesures/:fiche/sortie", exit.change],
    ["POST", "/dossiers/:id/mesures/:fiche/sortie", exit.saveChange],
  ];
}
