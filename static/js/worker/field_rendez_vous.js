/* Proposer un rendez-vous, le déplacer, dire son issue d'un geste et revenir en arrière. */
import { correctionOf } from "./correction.js";
import { one, readForm } from "./form_data.js";
import { localPath } from "./responses.js";

const PAGE = "partages/pages/rendez_vous.html";

export function fieldRendezVous({ etat, screens, saving, vues, saisie, dates }) {
  const form = (context, dossier, { existant = null, shown = null, statut = 200 }) =>
    screens.page(PAGE, context, vues.rendezVous(dossier, context, existant, shown?.saisie, shown?.erreurs), {
      titre: existant ? "Déplacer le rendez-vous" : "Proposer un rendez-vous",
      onglet: "dossiers",
      statut,
    });

  const refused = (id) => {
    const entry = etat.operation(id);
    return entry?.etat === "refusee" ? entry : null;
  };

  function find(id, withoutOperation) {
    const shown = etat.dossierOf(id);
    const dossier = shown && etat.without(shown.personne.id, withoutOperation);
    const existant = dossier?.rendez_vous.find((rendezVous) => rendezVous.id === id);
    return existant ? { dossier, existant } : null;
  }

  async function open({ url }) {
    const dossier = etat.dossier(url.searchParams.get("dossier"));
    if (!dossier) return screens.unknown();
    const entry = refused(url.searchParams.get("corrige"));
    return form(await screens.contexte(), dossier, { shown: entry && correctionOf(entry, dates) });
  }

  async function save({ request }) {
    const fields = await readForm(request);
    const dossier = etat.without(one(fields, "dossier"), saving.refusedBy(fields)?.op.id);
    if (!dossier) return screens.unknown();
    const context = await screens.contexte();
    const read = saisie.lireRendezVous(fields, { ...context, dossier });
    const again = (erreurs, statut = 422) => form(context, dossier, { shown: { saisie: fields, erreurs }, statut });
    if (Object.keys(read.erreurs).length) return again(read.erreurs);
    return saving.saveOr(again, read.operations, { request, fields, warnings: read.avertissements, to: `/dossiers/${dossier.personne.id}` });
  }

  async function move({ parameters, url }) {
    const entry = refused(url.searchParams.get("corrige"));
    const found = find(parameters.id, entry?.op.id);
    if (!found) return screens.unknown();
    const context = await screens.contexte();
    const current = entry && vues.rendezVous(found.dossier, context, found.existant).f;
    return form(context, found.dossier, { existant: found.existant, shown: entry && correctionOf(entry, dates, current) });
  }

  async function saveMove({ request, parameters }) {
    const fields = await readForm(request);
    const found = find(parameters.id, saving.refusedBy(fields)?.op.id);
    if (!found) return screens.unknown();
    const { dossier, existant } = found;
    const context = await screens.contexte();
    const read = saisie.lireRendezVous(fields, { ...context, dossier }, existant);
    const again = (erreurs, statut = 422) => form(context, dossier, { existant, shown: { saisie: fields, erreurs }, statut });
    if (Object.keys(read.erreurs).length) return again(read.erreurs);
    return saving.saveOr(again, read.operations, { request, fields, warnings: read.avertissements, to: `/dossiers/${dossier.personne.id}` });
  }

  /** L'issue d'un geste. Un refus ramène à l'écran de départ et le dit : il n'y a pas de saisie à reprendre. */
  async function report({ request, parameters }) {
    const fields = await readForm(request);
    const found = find(parameters.id);
    if (!found) return screens.unknown();
    const { dossier, existant } = found;
    const context = await screens.contexte();
    const read = saisie.lireConstat(fields, { ...context, rendez_vous: existant, dossier });
    const complaint = Object.values(read.erreurs)[0];
    const message = complaint
      ? { texte: complaint, ton: null, annuler: null }
      : vues.messageConstat(existant, one(fields, "statut"), dossier, context);
    const to = localPath(one(fields, "retour"), "/");
    return saving.save(read.operations, { request, fields, to, message: withReturn(message, to) });
  }

  /** « Annuler » ramène au même écran que le geste qu'il défait. */
  const withReturn = (message, to) =>
    message.annuler
      ? { ...message, annuler: { ...message.annuler, champs: [...message.annuler.champs, { nom: "retour", valeur: to }] } }
      : message;

  return [
    ["GET", "/rendez-vous/nouveau", open],
    ["POST", "/rendez-vous/nouveau", save],
    ["GET", "/rendez-vous/:id/deplacer", move],
    ["POST", "/rendez-vous/:id/deplacer", saveMove],
    ["POST", "/rendez-vous/:id/constat", report],
  ];
}
