/* Se déconnecter ferme le carnet, même sans réseau ; avec des fiches qui attendent, on le dit d'abord. */

const FORM = "form[data-deconnexion]";

export function createLogout({ sending, lock, root = document }) {
  const confirmed = new WeakSet();

  function warn(count) {
    const template = root.getElementById("gabarit-deconnexion");
    if (!template) return Promise.resolve(true);
    const dialog = template.content.firstElementChild.cloneNode(true);
    const many = count > 1;
    dialog.querySelector("[data-deconnexion-texte]").textContent =
      `${count} ${many ? "fiches ne sont pas encore parties. Elles restent" : "fiche n’est pas encore partie. Elle reste"} ` +
      "sur ce téléphone, à l’abri, et partiront à votre prochaine connexion.".replace("partiront", many ? "partiront" : "partira");
    root.documentElement.append(dialog);
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => {
        dialog.remove();
        resolve(dialog.returnValue === "partir");
      });
      dialog.showModal();
    });
  }

  async function leave(form) {
    const waiting = sending.current()?.attente ?? 0;
    if (waiting && !(await warn(waiting))) return;
    confirmed.add(form);
    await lock();
    form.requestSubmit();
  }

  function onSubmit(event) {
    const form = event.target;
    if (!form.matches?.(FORM) || confirmed.has(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    leave(form);
  }

  return { start: () => root.addEventListener("submit", onSubmit, { capture: true }) };
}
