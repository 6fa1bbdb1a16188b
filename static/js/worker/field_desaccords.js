/* Les gestes d'un dossier à plusieurs : régler un désaccord, archiver et rouvrir, partager et cesser. Miroir de
 * app/views/partages.py. */
import { createDossierForm } from "./dossier_form.js";
import { one, readForm } from "./form_data.js";

const SENT = "C’est déjà envoyé. Pour changer de valeur, modifiez-la dans le dossier.";

export function fieldDesaccords({ withdraw, courier, flash, responses, ...parts }) {
  const { etat, screens, saving, vues, saisie } = parts;

  const form = createDossierForm(parts, {
    template: "partages/pages/partage.html",
    onglet: "dossiers",
    titles: { fresh: "Partager un dossier" },
    list: "partages",
    view: (dossier, context, _existant, shown) => vues.partage(dossier, context, shown?.saisie, shown?.erreurs),
    read: (fields, context) => saisie.lirePartage(fields, context),
    dossierId: ({ parameters }) => parameters.id,
    followed: true,
  });

  const find = ({ id, fiche }, list) => {
    const dossier = etat.dossier(id);
    return { dossier, record: dossier?.[list]?.find((each) => each.id === fiche) ?? null };
  };

  /** Un geste n'a pas de saisie à reprendre : refusé ici, il ramène au dossier, qui dit pourquoi. */
  function conclude({ request, fields }, dossier, read, message) {
    const complaint = Object.values(read.erreurs)[0];
    return saving.saveOrTell(read.operations, {
      request,
      fields,
      to: `/dossiers/${dossier.personne.id}`,
      message: complaint ? { texte: complaint, ton: null, annuler: null } : message,
    });
  }

  async function settle({ request, parameters }) {
    const { dossier, record } = find(parameters, "desaccords");
    if (!record) return screens.unknown();
    const fields = await readForm(request);
    const context = await screens.contexte();
    const read = saisie.lireReglement(fields, { desaccord: record });
    const shown = { ...vues.faceAFace(record, dossier, context.aujourd_hui), op_id: one(fields, "op_id") };
    const message = vues.messageDesaccord(shown, read.champs.choix === "propose" ? "propose" : "en_vigueur", context, true);
    return conclude({ request, fields }, dossier, read, message);
  }

  async function unsettle({ request, parameters }) {
    const done = await withdraw(one(await readForm(request), "op_id"));
    flash.put({ texte: done ? "Les deux valeurs sont de nouveau à départager." : SENT, ton: null, annuler: null });
    await courier.tell();
    return responses.seeOther(`/dossiers/${parameters.id}`);
  }

  const archive = (archiver) => async ({ request, parameters }) => {
    const { dossier } = find(parameters, "desaccords");
    if (!dossier) return screens.unknown();
    const fields = await readForm(request);
    const context = await screens.contexte();
    const read = saisie.lireArchive(fields, { ...context, dossier }, archiver);
    return conclude({ request, fields }, dossier, read, vues.messageArchive(dossier, archiver, context));
  };

  async function tick({ request, parameters }) {
    const { dossier, record } = find(parameters, "entretiens");
    if (!record || dossier.personne.en_binome) return screens.unknown();
    const fields = await readForm(request);
    const read = saisie.lireCoche(fields, { entretien: record });
    return conclude({ request, fields }, dossier, read, vues.messageCoche(read.operations));
  }

  async function endSharing({ request, parameters }) {
    const { dossier, record } = find(parameters, "partages");
    if (!record) return screens.unknown();
    const fields = await readForm(request);
    const read = saisie.lireFinDePartage(fields, { ...(await screens.contexte()), partage: record });
    return conclude({ request, fields }, dossier, read, { texte: "Partage terminé.", ton: "fait", annuler: null });
  }

  return [
    ["POST", "/dossiers/:id/desaccords/:fiche", settle],
    ["POST", "/dossiers/:id/desaccords/:fiche/reprendre", unsettle],
    ["POST", "/dossiers/:id/entretiens/:fiche/partage", tick],
    ["POST", "/dossiers/:id/archiver", archive(true)],
    ["POST", "/dossiers/:id/rouvrir", archive(false)],
    ["GET", "/dossiers/:id/partager", form.open],
    ["POST", "/dossiers/:id/partager", form.save],
    ["POST", "/dossiers/:id/partages/:fiche/cesser", endSharing],
  ];
}
