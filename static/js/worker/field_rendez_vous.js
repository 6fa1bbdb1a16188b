/* Proposer un rendez-vous, le déplacer, dire son issue d'un geste et revenir en arrière. */
import { creneaux } from "../domain/permanence.js";
import { createDossierForm } from "./dossier_form.js";
import { one, readForm } from "./form_data.js";
import { localPath } from "./responses.js";

const SLOTS = 4;

export function fieldRendezVous(parts) {
  const { etat, screens, saving, vues, saisie } = parts;
  async function choose() {
    const context = await screens.contexte();
    const view = vues.choisirDossier(etat.dossiers(), context, "/rendez-vous/nouveau");
    return screens.page("partages/pages/choisir_dossier.html", context, view, { titre: "Proposer un rendez-vous", onglet: "dossiers" });
  }

  /** Les créneaux libres de ses permanences, d'après tout ce carnet. */
  const withSlots = (context) => {
    const { reference, maintenant } = context;
    const taken = () => etat.dossiers().flatMap(({ rendez_vous: fiches }) => fiches);
    return reference.permanences ? { ...context, creneaux: creneaux(reference.permanences, taken(), maintenant, SLOTS) } : context;
  };

  const form = createDossierForm(parts, {
    template: "partages/pages/rendez_vous.html",
    onglet: "dossiers",
    titles: { fresh: "Proposer un rendez-vous", existing: "Déplacer le rendez-vous" },
    list: "rendez_vous",
    view: (dossier, context, existant, shown) => vues.rendezVous(dossier, withSlots(context), existant, shown?.saisie, shown?.erreurs),
    read: (fields, context, existant) => saisie.lireRendezVous(fields, context, existant),
    noDossier: choose,
  });

  /** L'issue d'un geste. Un refus ramène à l'écran de départ et le dit : il n'y a pas de saisie à reprendre. */
  async function report({ request, parameters }) {
    const fields = await readForm(request);
    const dossier = etat.dossierOf(parameters.fiche);
    const existant = dossier?.rendez_vous.find(({ id }) => id === parameters.fiche);
    if (!existant) return screens.unknown();
    const context = await screens.contexte();
    const read = saisie.lireConstat(fields, { ...context, rendez_vous: existant, dossier });
    const complaint = Object.values(read.erreurs)[0];
    const message = complaint
      ? { texte: complaint, ton: null, annuler: null }
      : vues.messageConstat(existant, one(fields, "statut"), dossier, context);
    const to = localPath(one(fields, "retour"), "/");
    return saving.saveOrTell(read.operations, { request, fields, to, message: withReturn(message, to) });
  }

  /** « Annuler » ramène au même écran que le geste qu'il défait. */
  const withReturn = (message, to) =>
    message.annuler
      ? { ...message, annuler: { ...message.annuler, champs: [...message.annuler.champs, { nom: "retour", valeur: to }] } }
      : message;

  return [
    ["GET", "/rendez-vous/nouveau", form.open],
    ["POST", "/rendez-vous/nouveau", form.save],
    ["GET", "/rendez-vous/:fiche/deplacer", form.change],
    ["POST", "/rendez-vous/:fiche/deplacer", form.saveChange],
    ["POST", "/rendez-vous/:fiche/constat", report],
  ];
}
