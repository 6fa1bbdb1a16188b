/* Ce qui s'imprime d'un dossier : mêmes adresses et mêmes pages que app/views/papiers.py ; le PDF, lui, vient du serveur. */
const GENRES = ["piece", "relance", "liaison", "parcours", "droits_devoirs"];
const FRAME = { titre: "Imprimer", onglet: "dossiers" };

export function fieldPapiers({ etat, screens, vues }) {
  async function list({ parameters }) {
    const dossier = etat.dossier(parameters.id);
    if (!dossier) return screens.unknown();
    const context = await screens.contexte();
    return screens.page("partages/pages/papiers.html", context, vues.papiers(dossier, context), FRAME);
  }

  const read = (genre, records) => async ({ parameters, url }) => {
    const dossier = records ? etat.dossierOf(parameters.id) : etat.dossier(parameters.id);
    const record = records && dossier?.[records].find(({ id }) => id === parameters.id);
    const context = await screens.contexte();
    const view = dossier && (!records || record) && vues.papier(genre, dossier, context, record, url.searchParams.get("langue") ?? "fr");
    return view ? screens.page("partages/pages/papier.html", context, view, FRAME) : screens.unknown();
  };

  const RECORDS = { piece: "pieces", relance: "rendez_vous" };
  return [
    ["GET", "/papiers/dossier/:id", list],
    ...GENRES.map((genre) => ["GET", `/papiers/${genre}/:id`, read(genre, RECORDS[genre])]),
  ];
}
