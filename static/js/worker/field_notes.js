/* Les notes personnelles des dossiers que l'on quitte : miroir de app/views/notes.py. */
import { readForm } from "./form_data.js";

export function fieldNotes({ screens, saving, vues, saisie }) {
  async function show(fields = null, erreurs = {}, statut = 200) {
    const context = await screens.contexte();
    const view = vues.notes(context, fields, erreurs);
    return screens.page("partages/pages/notes.html", context, view, { titre: "Notes personnelles", onglet: "journee", statut });
  }

  async function decide({ request }) {
    const fields = await readForm(request);
    const read = saisie.lireNotes(fields, await screens.contexte());
    const again = (erreurs, statut = 422) => show(fields, erreurs, statut);
    if (Object.keys(read.erreurs).length) return again(read.erreurs);
    return saving.saveOr(again, read.operations, { request, fields, to: "/" });
  }

  return [
    ["GET", "/notes", () => show()],
    ["POST", "/notes", decide],
  ];
}
