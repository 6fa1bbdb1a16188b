/* La journée lieu par lieu, et sa clôture. */
export function fieldTournee({ etat, screens, vues }) {
  const read = (name, titre) => async ({ url }) => {
    const context = await screens.contexte();
    const view = vues[name](etat.dossiers(), context, url.searchParams.get("jour"));
    return screens.page(`partages/pages/${name}.html`, context, view, { titre, onglet: "journee" });
  };

  return [
    ["GET", "/tournee", read("tournee", "Tournée")],
    ["GET", "/tournee/cloture", read("cloture", "Clore la journée")],
  ];
}
