/* Où mène l'écran d'un dossier qui vient de quitter ce carnet : à une page qui le dit, et ne montre personne. */

export function fieldDeparture({ screens }) {
  async function tell() {
    const context = await screens.contexte();
    return screens.page("partages/pages/dossier_parti.html", context, {}, { titre: "Dossier parti", onglet: "dossiers" });
  }

  return [["GET", "/dossiers/parti", tell]];
}
