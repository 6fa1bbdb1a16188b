/* Enregistrer une saisie : écrire dans la boîte d'envoi, dire que c'est noté, mener à l'écran suivant. L'envoi part derrière. */
import { one } from "./form_data.js";

const FULL =
  "Le téléphone n’a plus de place\u202f: rien n’a été enregistré, et votre saisie est restée à l’écran. Libérez de la place, puis recommencez.";

const FULL_NOTED = "Le téléphone n’a plus de place\u202f: rien n’a été noté. Libérez de la place, puis recommencez.";

/** L'opération qui remplace celle que le serveur a refusée : la première de même genre, à défaut la première. */
function naming(operations, replaced) {
  if (!replaced) return operations;
  const target = operations.find(({ genre }) => genre === replaced.op.genre) ?? operations[0];
  return operations.map((operation) => (operation === target ? { ...operation, remplace: replaced.op.id } : operation));
}

/** Ce qu'une absence n'enregistre pas, gardé pour le cas où la personne était venue ; la suite, elle, est enregistrée. */
const asDraft = (fields) =>
  Object.entries({ ...fields, statut: "honore" })
    .filter(([name]) => !name.includes("suivant"))
    .flatMap(([name, value]) => [value].flat().map((each) => [name, each]));

export function createSaving({ etat, session, outbox, courier, drafts, flash, responses, vues, background }) {
  const refusedBy = (fields) => {
    const entry = etat.operation(one(fields, "remplace"));
    return entry?.etat === "refusee" ? entry : null;
  };

  /**
   * @param {object[]} operations  telles que la lecture du formulaire les rend
   * @param {{request: Request, fields: object, to: string, message?: object|null, warnings?: object}} around
   *   `warnings` : ce qui surprend dans la saisie, par champ ; c'est enregistré, et dit
   * @returns {Promise<Response>} 303, ou null si le téléphone n'a pas pu écrire
   */
  async function save(operations, { request, fields, to, message = null, warnings = {} }) {
    const opened = await session.current();
    const brouillon = request.headers.get("X-Jalon-Brouillon");
    const kept = Boolean(brouillon && warnings.demarches);
    await outbox.add(opened.cle, naming(operations, refusedBy(fields)), { brouillon: kept ? null : brouillon });
    if (kept) await drafts.save(opened.cle, etat.structure, brouillon, asDraft(fields));
    flash.put(message ?? vues.messageEnregistre(operations, warnings, kept));
    background(request, () => courier.send("saisie"));
    return responses.seeOther(to);
  }

  /** Comme `save`, mais un téléphone plein rend le formulaire tel que tapé. */
  async function saveOr(showAgain, operations, around) {
    try {
      return await save(operations, around);
    } catch (error) {
      if (error.name !== "QuotaExceededError") throw error;
      return showAgain({ general: FULL }, 507);
    }
  }

  /** Comme `save`, sans saisie à reprendre : un téléphone plein le dit sur l'écran de départ. */
  const saveOrTell = (operations, around) =>
    saveOr(
      () => {
        flash.put({ texte: FULL_NOTED, ton: null, annuler: null });
        return responses.seeOther(around.to);
      },
      operations,
      around,
    );

  return { save, saveOr, saveOrTell, refusedBy };
}
