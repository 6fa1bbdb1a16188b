/* De quoi rendre un écran de terrain : le contexte des modèles de vue, et le cadre autour de la page. */

const seconds = (ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");

const UNKNOWN = "Ce dossier n’est pas, ou plus, dans votre carnet.";

/** Les entretiens dont la note vient d'être transmise ou effacée, et qui attendent d'être envoyés. */
const DECIDES = new Set(["transmettre_note", "effacer_note"]);
const decided = (operations) =>
  operations.filter(({ op, etat }) => DECIDES.has(op.genre) && etat !== "refusee").map(({ op }) => op.entite);

export function createScreens({ etat, courier, flash, frame, responses, vues, jourParis, now, newId }) {
  /** @returns {Promise<object>} le `contexte` des modèles de vue et des lectures de formulaire */
  async function contexte() {
    const maintenant = seconds(now());
    const envoi = await courier.state();
    return {
      aujourd_hui: jourParis(maintenant),
      maintenant,
      utilisateur: etat.reference.utilisateur,
      reference: etat.reference,
      decidees: decided(etat.operations()),
      attente: envoi.attente,
      dernier_echange: envoi.dernier,
      nouvel_identifiant: newId,
      envoi,
    };
  }

  function page(template, context, view, { titre, onglet, statut = 200, message = null }) {
    const around = frame({ titre, onglet, envoi: context.envoi, utilisateur: context.utilisateur, message: message ?? flash.take() });
    return responses.html(template, { ...around, ...view }, { statut });
  }

  /** Un morceau de page, demandé par htmx : pas de cadre à refaire, mais le même contexte. */
  const fragment = (template, context, view) =>
    responses.html(template, { ...frame({ titre: "", envoi: context.envoi, utilisateur: context.utilisateur }), ...view });

  async function unknown() {
    const context = await contexte();
    const view = vues.dossiers(etat.dossiers(), context);
    const message = { texte: UNKNOWN, ton: null, annuler: null };
    return page("partages/pages/dossiers.html", context, view, { titre: "Dossiers", onglet: "dossiers", statut: 404, message });
  }

  return { contexte, page, fragment, unknown };
}
