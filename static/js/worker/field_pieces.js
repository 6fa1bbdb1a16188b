/* Les pièces d'un dossier : en ajouter une, la lire, la modifier, la retirer. Une page pour toutes les formes ; mêmes adresses et mêmes
 * réponses que app/views/pieces.py. */
import { createDossierForm } from "./dossier_form.js";
import { readForm } from "./form_data.js";

const TITLE = "Fiche du dossier";
const PAGE = "partages/pages/piece";

export function fieldPieces(parts) {
  const { etat, screens, saving, vues, saisie, directory } = parts;
  const form = createDossierForm(parts, {
    template: `${PAGE}_formulaire.html`,
    onglet: "dossiers",
    titles: { fresh: TITLE, existing: TITLE },
    list: "pieces",
    view: (dossier, context, existant, shown, url) =>
      vues.formulairePiece(dossier, context, existant, shown?.saisie ?? null, shown?.erreurs, Object.fromEntries(url?.searchParams ?? [])),
    read: (fields, context, existant) => saisie.lirePiece(fields, context, existant),
    after: (dossier, existant) => (existant ? `/pieces/${existant.id}` : `/dossiers/${dossier.personne.id}`),
  });

  const find = (id) => {
    const dossier = etat.dossierOf(id);
    const piece = dossier?.pieces?.find((record) => record.id === id);
    return piece ? { dossier, piece } : null;
  };

  /** « vers » un service de l'annuaire : son nom se recopie dans le formulaire. */
  async function towards(url) {
    const wanted = url.searchParams.get("vers");
    const copied = wanted ? vues.annuaire.recopier(vues.annuaire.trouver(await directory.open(), wanted)) : {};
    const full = new URL(url);
    for (const [name, value] of Object.entries(copied)) full.searchParams.set(name, value);
    return full;
  }

  async function open(asked) {
    const dossier = etat.dossier(asked.url.searchParams.get("dossier"));
    if (!dossier) return screens.unknown();
    if (asked.url.searchParams.get("forme")) return form.open({ ...asked, url: await towards(asked.url) });
    const context = await screens.contexte();
    return screens.page(`${PAGE}_ajouter.html`, context, vues.ajouterPiece(dossier, context), { titre: TITLE, onglet: "dossiers" });
  }

  async function show({ dossier, piece }, erreurs = {}, statut = 200) {
    const context = await screens.contexte();
    return screens.page(`${PAGE}.html`, context, vues.lecturePiece(dossier, context, piece, erreurs), { titre: TITLE, onglet: "dossiers", statut });
  }

  async function read({ parameters }) {
    const found = find(parameters.fiche);
    return found ? show(found) : screens.unknown();
  }

  async function withdraw({ request, parameters }) {
    const fields = await readForm(request);
    const found = find(parameters.fiche);
    if (!found) return screens.unknown();
    const result = saisie.lireRetrait(fields, found);
    if (Object.keys(result.erreurs).length) return show(found, result.erreurs, 422);
    const to = `/dossiers/${found.dossier.personne.id}`;
    return saving.saveOr((erreurs, statut) => show(found, erreurs, statut), result.operations, { request, fields, to });
  }

  return [
    ["GET", "/pieces/nouvelle", open],
    ["POST", "/pieces/nouvelle", form.save],
    ["GET", "/pieces/:fiche", read],
    ["GET", "/pieces/:fiche/modifier", form.change],
    ["POST", "/pieces/:fiche/modifier", form.saveChange],
    ["POST", "/pieces/:fiche/retirer", withdraw],
  ];
}
