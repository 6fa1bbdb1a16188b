/* L'écran de verrou, à sa propre adresse ou à la place de n'importe quel écran de terrain tant que le carnet est fermé. */
import { readForm, one } from "./form_data.js";
import { EXPIRED } from "./lease.js";
import { localPath } from "./responses.js";
import { isFieldUrl } from "./router.js";

const PAGE = "partages/pages/verrou.html";
const FORGOTTEN = "partages/pages/oubli.html";
const TITLE = "Carnet fermé";

const link = (mode, suite) => `/verrou?mode=${mode}&suite=${encodeURIComponent(suite)}`;

const EMPTY = { phrase: "Donnez votre phrase de passe.", code: "Donnez votre code." };
const OTHER_MODES = { phrase: "Utiliser la phrase de passe", code: "Utiliser le code", prf: "Utiliser l’empreinte ou le visage" };

export function createLockScreen({ session, unlock, courier, frame, html, seeOther }) {
  async function availableModes(outlook, state) {
    const covered = state === "couvert";
    return [covered && (await session.current())?.code && "code", outlook.prf && "prf", outlook.phrase && "phrase"].filter(Boolean);
  }

  async function show({ suite, wanted = null, result = {}, statut = 200 }) {
    const [outlook, envoi, state] = await Promise.all([unlock.outlook(), courier.state(), session.state()]);
    const modes = outlook.detruit ? ["detruit"] : await availableModes(outlook, state);
    const mode = modes.includes(wanted) ? wanted : (modes[0] ?? "phrase");
    const context = {
      mode,
      prf: Boolean(outlook.prf) && !outlook.detruit,
      phrase: outlook.phrase,
      autres_modes: modes.filter((each) => each !== mode).map((each) => ({ url: link(each, suite), libelle: OTHER_MODES[each] })),
      suite,
      url_oubli: outlook.detruit ? null : `/verrou/oubli?suite=${encodeURIComponent(suite)}`,
      erreur: result.erreur_texte ?? (state === "bail" ? EXPIRED : null),
      attente: envoi.attente,
      scelles_deposes: envoi.deposees,
      essais_restants: result.essais_restants ?? outlook.essais_restants,
      attendre_secondes: mode === "phrase" ? outlook.attendre_secondes : 0,
    };
    return html(PAGE, { ...frame({ titre: TITLE, envoi }), ...context }, { statut });
  }

  /** Le bureau ne répond qu'à un appareil qui vient d'échanger (sa preuve dure quelques minutes) : on échange d'abord. */
  async function onward(suite) {
    const [pathname] = suite.split("?");
    if (isFieldUrl(pathname)) return seeOther(suite);
    const { resultat } = await courier.send("retour");
    if (resultat === "session") return seeOther(`/connexion?suite=${encodeURIComponent(pathname)}`);
    return seeOther(resultat === "fait" ? suite : "/envoi");
  }

  return {
    /** La phrase oubliée, ou le carnet d'une autre personne : ce qui va se passer, avant que rien ne se passe. */
    async forgotten(url) {
      const [envoi, { phrase }] = await Promise.all([courier.state(), unlock.outlook()]);
      const context = { attente: envoi.attente - envoi.deposees, refusees: envoi.refusees, phrase, suite_code: encodeURIComponent(localPath(url.searchParams.get("suite"))) };
      return html(FORGOTTEN, { ...frame({ titre: "Phrase oubliée", envoi }), ...context });
    },

    /** À la place de l'écran demandé : la suite est cet écran. */
    instead: (url, statut = 200) => show({ suite: localPath(url.pathname + url.search), statut }),

    async read(_request, url) {
      const suite = localPath(url.searchParams.get("suite"));
      if ((await session.state()) === "ouvert") return onward(suite);
      return show({ suite, wanted: url.searchParams.get("mode") });
    },

    async submit(request) {
      const fields = await readForm(request);
      const suite = localPath(one(fields, "suite"));
      const secret = one(fields, "secret");
      const mode = one(fields, "mode");
      // Rien de tapé n'est pas un essai.
      if (!secret) return show({ suite, wanted: mode, result: { erreur_texte: EMPTY[mode] ?? EMPTY.phrase }, statut: 422 });
      const result = await unlock.unlock(mode === "code" ? { code: secret } : { phrase: secret });
      if (result.etat === "ouvert") return onward(suite);
      return show({ suite, wanted: mode, result, statut: 422 });
    },
  };
}
