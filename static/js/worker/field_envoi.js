/* Envoi : ce qui attend, ce qui est refusé, « Envoyer maintenant », « Renoncer » ; et l'aide à l'installation. */

export function fieldEnvoi({ etat, lease, session, outbox, screens, courier, flash, responses, vues, background, frame }) {
  const deviceOf = async () => etat.appareil && { nom: etat.appareil.nom, bail_jours_restants: await lease.daysLeft() };

  async function viewOf(context) {
    const dossiers = Object.fromEntries(etat.dossiers().map((dossier) => [dossier.personne.id, dossier]));
    const cahiers = Object.fromEntries(etat.cahiers().map((cahier) => [cahier.cahier.id, cahier]));
    const [device, { length: lost }] = await Promise.all([deviceOf(), outbox.lost()]);
    return vues.envoi(dossiers, etat.operations(), context, context.envoi.en_cours, device, lost, cahiers);
  }

  async function show() {
    const context = await screens.contexte();
    const view = await viewOf(context);
    return screens.page("partages/pages/envoi.html", context, view, { titre: "Envoi", onglet: "envoi" });
  }

  async function send({ request }) {
    background(request, () => courier.send("main"));
    return responses.seeOther("/envoi");
  }

  async function back(message) {
    flash.put({ ton: null, annuler: null, ...message });
    await courier.tell();
    return responses.seeOther("/envoi");
  }

  /** Ce que l'écran propose d'abandonner, avec ce qui en dépend : l'adresse tapée à la main ne peut pas davantage. */
  async function giveUp({ parameters: { op } }) {
    const { refusees } = await viewOf(await screens.contexte());
    const refusee = refusees.find(({ op_id }) => op_id === op);
    const chain = refusee?.dependantes.map(({ op_id }) => op_id) ?? [];
    if (!refusee || !(await outbox.giveUp(op, chain))) return back({ texte: "On ne renonce qu’à un envoi refusé." });
    const texte = chain.length ? `${chain.length + 1} envois abandonnés.` : "Envoi abandonné.";
    return back({ texte, ton: "fait", annuler: { url: `/envoi/${op}/reprendre`, champs: [] } });
  }

  async function takeBack({ parameters: { op } }) {
    const { cle } = await session.current();
    const done = await outbox.takeBack(cle, op);
    return back({ texte: done ? "Envoi repris\u202f: il reste à corriger." : "Il est trop tard pour reprendre cet envoi." });
  }

  async function forgetLost() {
    await outbox.forgetLost();
    return back({ texte: "C’est vu.", ton: "fait" });
  }

  /** L'aide ne dit rien de personne : elle se lit carnet ouvert ou fermé. */
  async function help() {
    const around = frame({ titre: "Installer Jalon", envoi: await courier.state(), utilisateur: etat.reference?.utilisateur });
    return responses.html("partages/pages/installation.html", around);
  }

  return {
    routes: [
      ["GET", "/envoi", show],
      ["POST", "/envoi/maintenant", send],
      ["POST", "/envoi/perdus", forgetLost],
      ["POST", "/envoi/:op/renoncer", giveUp],
      ["POST", "/envoi/:op/reprendre", takeBack],
      ["GET", "/envoi/maintenant", () => responses.seeOther("/envoi")],
    ],
    open: [["GET", "/aide/installation", help]],
  };
}
