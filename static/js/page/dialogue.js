/* La boîte de déverrouillage, posée par-dessus la page pour que la saisie reste dessous, intacte.
 *
 * Elle vient du gabarit de la page et s'accroche à <html>, hors du corps que htmx remplace.
 */
import { DEMANDE } from "../messages.js";
import { askPasskey } from "./cle_acces.js";

const LABELS = {
  code: { libelle: "Votre code", aide: "Votre carnet est resté ouvert derrière cet écran." },
  phrase: { libelle: "Votre phrase de passe", aide: "Ce que vous étiez en train de noter est gardé." },
};

const WAIT = (seconds) => `Patientez ${seconds} s avant le prochain essai.`;

function left(count) {
  if (count === null || count === undefined) return "";
  return count > 1 ? ` Encore ${count} essais.` : ` Encore ${count} essai.`;
}

export function createUnlockDialog(link, root = document) {
  const held = { opening: null };

  function fill(dialog, mode, modes) {
    const field = dialog.querySelector("[name=secret]");
    field.inputMode = mode === "code" ? "numeric" : "text";
    field.value = "";
    dialog.dataset.mode = mode;
    dialog.querySelector("[data-deverrouiller-libelle]").textContent = LABELS[mode].libelle;
    dialog.querySelector("[data-deverrouiller-explication]").textContent = LABELS[mode].aide;
    dialog.querySelector("[data-deverrouiller-prf]").hidden = !modes.prf;
    dialog.querySelector("[data-deverrouiller-phrase]").hidden = mode === "phrase" || !modes.phrase;
  }

  function complain(dialog, text) {
    const error = dialog.querySelector("[data-deverrouiller-erreur]");
    error.textContent = text;
    error.hidden = !text;
  }

  async function attempt(dialog, secret) {
    // Un carnet qui ne se lit plus le dit ici ; la page rechargée, elle, dit quoi faire.
    const result = await link.ask(DEMANDE.DEVERROUILLER, secret).catch(({ message }) => ({ erreur_texte: message }));
    if (result.etat === "ouvert") return true;
    const wait = result.attendre_secondes ? ` ${WAIT(result.attendre_secondes)}` : "";
    complain(dialog, `${result.erreur_texte ?? ""}${left(result.essais_restants)}${wait}`.trim());
    return false;
  }

  function show({ coffre, modes }) {
    const template = root.getElementById("gabarit-deverrouillage");
    if (!template) return Promise.resolve(false);
    const dialog = template.content.firstElementChild.cloneNode(true);
    const form = dialog.querySelector("form");
    const field = dialog.querySelector("[name=secret]");
    dialog.toggleAttribute("data-deverrouillage", true);
    fill(dialog, coffre === "couvert" && modes.code ? "code" : "phrase", modes);
    root.documentElement.append(dialog);

    return new Promise((resolve) => {
      function finish(opened) {
        dialog.close();
        dialog.remove();
        resolve(opened);
      }

      async function submit(event) {
        event.preventDefault();
        const opened = await attempt(dialog, { [dialog.dataset.mode]: field.value });
        if (opened) finish(true);
        else field.select();
      }

      async function withPasskey() {
        const secret = await askPasskey(modes.prf).catch(() => null);
        if (secret && (await attempt(dialog, { prf: secret }))) finish(true);
      }

      form.addEventListener("submit", submit);
      dialog.querySelector("[data-deverrouiller-prf]").addEventListener("click", withPasskey);
      dialog.querySelector("[data-deverrouiller-phrase]").addEventListener("click", () => fill(dialog, "phrase", modes));
      // Échap ne ferme pas un carnet couvert : il n'y a rien à voir derrière.
      dialog.addEventListener("cancel", (event) => event.preventDefault());
      dialog.showModal();
      field.focus();
    });
  }

  return {
    /** Une seule boîte à la fois ; vrai quand le carnet est rouvert. */
    open(etat) {
      held.opening ??= show(etat).finally(() => {
        held.opening = null;
      });
      return held.opening;
    },
  };
}
