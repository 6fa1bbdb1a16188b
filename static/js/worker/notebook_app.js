/* L'assemblage : chaque pièce reçoit ce dont elle a besoin, rien n'est pris autour. Les essais l'appellent avec leurs simulacres. */
import { oublier } from "../domain/oubli.js";
import { createBilans } from "./bilans.js";
import { createCourier } from "./courier.js";
import { createRepair } from "./damage.js";
import { createDirectory } from "./directory.js";
import { createDrafts } from "./drafts.js";
import { enrolAgain } from "./enrol.js";
import { createEtat } from "./etat.js";
import { createExchange } from "./exchange.js";
import { fieldAnnuaire } from "./field_annuaire.js";
import { fieldDesaccords } from "./field_desaccords.js";
import { fieldDossiers } from "./field_dossiers.js";
import { fieldEntretiens } from "./field_entretiens.js";
import { fieldDeparture } from "./field_departure.js";
import { fieldActions } from "./field_actions.js";
import { fieldComites } from "./field_comites.js";
import { fieldMaraudes } from "./field_maraudes.js";
import { fieldMesures } from "./field_mesures.js";
import { fieldEnvoi } from "./field_envoi.js";
import { fieldNotes } from "./field_notes.js";
import { fieldPapiers } from "./field_papiers.js";
import { fieldPieces } from "./field_pieces.js";
import { fieldRattachements } from "./field_rattachements.js";
import { fieldReglages } from "./field_reglages.js";
import { fieldRendezVous } from "./field_rendez_vous.js";
import { fieldTournee } from "./field_tournee.js";
import { createFlash } from "./flash.js";
import { createFrame } from "./frame.js";
import { createGlance, createGlanceRows } from "./glance.js";
import { createIngest } from "./ingest.js";
import { createInstall } from "./install_vault.js";
import { createGiveBack } from "./kept.js";
import { createLease } from "./lease.js";
import { createLeaving } from "./leaving.js";
import { createLockScreen } from "./lock_screen.js";
import { openRows, readRows } from "./notebook.js";
import { createOutbox } from "./outbox.js";
import { createPages } from "./pages.js";
import { createProtocol } from "./protocol.js";
import { createResponses } from "./responses.js";
import { restrictSheets, withinRole } from "./role.js";
import { createRouter } from "./router.js";
import { createSaving } from "./saving.js";
import { STORES } from "./schema.js";
import { createScreens } from "./screens.js";
import { createDeposit } from "./sealed_deposit.js";
import { createSession } from "./session.js";
import { createStore } from "./store.js";
import { createTransport } from "./transport.js";
import { createTrouble, UNREADABLE } from "./trouble.js";
import { createUnlock } from "./unlock.js";
import { createWipe } from "./wipe.js";
import { createWithdraw } from "./withdraw.js";

/** Le temps que l'écran soit peint sur un téléphone lent, compté du premier mot de sa page, ou de la réponse si elle se tait. */
const AFTER_PAINT = 500;
const AFTER_LOAD = 2000;

/** Les écrans qu'un aperçu suffit à faire. */
const EARLY = new Set(["/", "/dossiers"]);

/**
 * @param {object} around
 *   navigateur : clients, locks, fetch, origin, now, store?, pages?
 *   construction : rendre, headers, assets, version
 *   règles : projeter, saisie, dates {jourParis, heureParis}, moment, newId
 *   wakeLater : () => void, demande au navigateur un réveil quand le réseau reviendra, là où il sait le faire
 *   calm : (ms) => Promise, laisse passer l'écran avant un travail qui ne presse pas
 *   background : (request, work) => void, prolonge la vie du travailleur au-delà de la réponse ; activate : () => Promise
 */
export function createNotebookApp(around) {
  const { clients, locks, fetch, origin, now, rendre, headers, assets, version, projeter, saisie, dates, moment, newId } = around;
  const { background, activate, calm = () => Promise.resolve() } = around;
  const vues = withinRole(around.vues);

  const store = around.store ?? createStore();
  const pages = around.pages ?? createPages({ clients });
  const etat = createEtat({ projeter, oublier: (cahier) => oublier(cahier, dates.jourParis(new Date(now()).toISOString())) });
  const lease = createLease({ store, now });
  const glanceRows = createGlanceRows({ version, today: () => dates.jourParis(new Date(now()).toISOString()) });
  const session = createSession({ store, pages, now, lease, onLock: forget, delay: around.delay });
  const glance = createGlance({ store, session, projeter, rows: glanceRows });
  const transport = createTransport({ fetch, now });
  const ingest = createIngest({ store, etat, now, glanceRows });
  const outbox = createOutbox({ store, etat, now, newId });
  const giveBack = createGiveBack({ store, outbox, transport });
  const bilans = createBilans({ store, etat, now });
  const directory = createDirectory({ store, etat, session, transport });
  const exchange = createExchange({ store, etat, outbox, transport, ingest, session, now, locks, reload: load, giveBack, bilans, directory });
  const deposit = createDeposit({ store, outbox, transport });
  const wipe = createWipe({ store, session, deposit, pages, fetch });
  const flash = createFlash({ now });
  const repair = createRepair({ store, flash });
  const loading = { current: null };

  function forget() {
    etat.clear();
    directory.forget();
    glance.close();
  }

  async function load() {
    // Lu avant les lignes : en retard sur elles, il ferait relire pour rien ; en avance, il ferait croire qu'on les a toutes.
    const curseur = await store.get(STORES.meta, "curseur");
    const [rows, vault, opened] = await Promise.all([readRows(store), store.get(STORES.meta, "coffre"), session.current()]);
    if (!opened) return;
    const { generation } = etat;
    const { abimees, ...notebook } = await openRows(rows, opened.cle, vault);
    // Verrouillé pendant le déchiffrement : ce qui vient d'être lu ne se garde pas.
    if (etat.generation !== generation || (await session.current()) !== opened) return;
    const repaired = await repair(abimees);
    if (etat.generation !== generation || (await session.current()) !== opened) return;
    etat.load({ ...notebook, curseur: repaired ? await store.get(STORES.meta, "curseur") : curseur });
    glance.close();
    if (rows.brouillons.length) drafts.forgetPositions(opened.cle, etat.structure).catch(() => {});
    if (!glanceRows.find({ reference: rows.reference, curseur })) renewGlance(opened.cle).catch(() => {});
  }

  /** L'aperçu manque, ou vient d'une autre version : le refaire attend son tour parmi les écritures, et rien ne l'attend. */
  const renewGlance = (key) =>
    outbox.inTurn(async () => {
      const { generation, structure } = etat;
      if (!etat.loaded) return;
      const row = await glanceRows.make(key, structure, { copies: etat.copies(), curseur: etat.curseur ?? null });
      if (etat.generation !== generation) return;
      await store.write([STORES.reference], (objects) => objects(STORES.reference).put(row));
    });

  function loadOnce() {
    loading.current ??= load().finally(() => {
      loading.current = null;
    });
    return loading.current;
  }

  /** Vrai quand la clé est là et que le carnet est déchiffré en mémoire. */
  async function ready() {
    if (!etat.loaded) await loadOnce();
    // Une lecture commencée carnet fermé a pu finir après son ouverture.
    if (!etat.loaded && (await session.current())) await loadOnce();
    return etat.loaded && (await session.current()) !== null;
  }

  /** Un carnet qui ne se lit plus vaut un carnet fermé : ce qui y attend part sous pli. */
  const readyOrUnreadable = () =>
    ready().catch((error) => {
      if (error.name !== UNREADABLE) throw error;
      return false;
    });

  /** De quoi faire Ma journée ou Dossiers : le carnet s'il est là, sinon son aperçu. */
  const readable = async () => (!etat.loaded && (await glance.open())) || ready();

  /** L'échange que demande une page à peine chargée ne dispute pas le processeur à ce qu'elle a encore à peindre. */
  async function readyToSend() {
    if (!etat.loaded && glance.etat) await calm(AFTER_PAINT);
    return readyOrUnreadable();
  }

  /** L'écran est répondu d'après l'aperçu ; le carnet entier vient derrière, pour le geste suivant. */
  async function loadBehind() {
    await calm(AFTER_LOAD);
    await ready();
  }

  const courier = createCourier({
    store,
    exchange,
    deposit,
    pages,
    now,
    moment,
    ready: readyToSend,
    random: around.random,
    wakeLater: around.wakeLater,
    onRevoked: wipe,
    onUnknownDevice: () => enrolAgain({ store, etat, fetch }),
  });
  const unlock = createUnlock({ store, session, lease, now, load: ready, renewLease: courier.renewLease });
  const install = createInstall({ store, etat, session, transport, ingest, exchange, now, newId, settled: courier.remember });
  const leaving = createLeaving({ store, session, courier, deposit });
  const drafts = createDrafts({ store, now, inTurn: outbox.inTurn });
  const frame = createFrame({ assets, version, genres: () => (etat.loaded ? etat.genresTenus() : glance.genres) });
  const responses = createResponses({ rendre, headers, origin });
  const screens = createScreens({ etat, courier, flash, frame, responses, vues, jourParis: dates.jourParis, now, newId });
  const saving = createSaving({ etat, session, outbox, courier, drafts, flash, responses, vues, background });
  const trouble = createTrouble({ frame, courier, responses });
  const lock = createLockScreen({ session, unlock, courier, frame, html: responses.html, seeOther: responses.seeOther });
  const envoi = fieldEnvoi({ etat, lease, session, outbox, screens, courier, flash, responses, vues, background, frame });

  const field = { etat, screens, saving, vues, saisie, dates, directory };
  const withdraw = createWithdraw({ store, etat, outbox, locks });
  const reglages = fieldReglages({ etat, lease, unlock, leaving, screens, courier, flash, frame, responses });
  const guarded = createRouter([
    ...fieldDeparture(field),
    ...fieldDossiers(field),
    ...restrictSheets(fieldEntretiens(field), { etat, flash, responses }),
    ...fieldRendezVous(field),
    ...fieldTournee(field),
    ...restrictSheets([...fieldRattachements(field), ...fieldMaraudes(field)], { etat, flash, responses }),
    ...restrictSheets(fieldActions(field), { etat, flash, responses }),
    ...restrictSheets(fieldComites(field), { etat, flash, responses }),
    ...fieldMesures(field),
    ...restrictSheets(fieldNotes(field), { etat, flash, responses }),
    ...fieldPapiers(field),
    ...fieldAnnuaire(field),
    ...restrictSheets(fieldPieces(field), { etat, flash, responses }, { read: /^\/pieces\/:fiche$/ }),
    ...restrictSheets(fieldDesaccords({ ...field, withdraw, courier, flash, responses }), { etat, flash, responses }),
    ...envoi.routes,
    ...reglages,
  ]);
  const seen = glance.behind(etat);
  const seenScreens = createScreens({ etat: seen, courier, flash, frame, responses, vues, jourParis: dates.jourParis, now, newId });
  const early = createRouter(
    fieldDossiers({ ...field, etat: seen, screens: seenScreens }).filter(([method, path]) => method === "GET" && EARLY.has(path)),
  );
  const unguarded = createRouter([
    ["GET", "/verrou", ({ request, url }) => lock.read(request, url)],
    ["POST", "/verrou", ({ request }) => lock.submit(request)],
    ["GET", "/verrou/oubli", ({ url }) => lock.forgotten(url)],
    ...envoi.open,
  ]);

  /** Le réseau tant que ce téléphone n'a pas de carnet ; ensuite, nous. */
  async function respond(request) {
    // Lire et redemander la clé aux pages vont ensemble : au démarrage à froid, ce temps-là ne se paie qu'une fois.
    if (!etat.loaded) {
      store.overview().catch(() => {});
      session.current().catch(() => {});
    }
    try {
      if (await store.get(STORES.meta, "coffre")) return await screenOf(request);
    } catch (error) {
      // Le nom et le lieu de la panne, sans les valeurs : elles peuvent être celles d'une personne.
      console.error("page impossible", new URL(request.url).pathname, error.name, error.stack?.split("\n")[1]?.trim());
      return trouble(request, error);
    }
    return fetch(request);
  }

  /** Une page du bureau, sans réseau : le carnet le dit ; sans carnet, c'est au navigateur. */
  async function offline(request, error) {
    if (!(await store.get(STORES.meta, "coffre"))) throw error;
    const { pathname, search } = new URL(request.url);
    const utilisateur = (await readyOrUnreadable()) && (await session.state()) === "ouvert" ? etat.reference.utilisateur : null;
    const around = frame({ titre: "Pas de connexion", envoi: await courier.state(), utilisateur });
    return responses.html("partages/pages/sans_reseau.html", { ...around, adresse: pathname + search }, { statut: 503 });
  }

  /** Un écran de terrain, ou l'écran de verrou à sa place. */
  async function screenOf(request) {
    const url = new URL(request.url);
    const open = unguarded(request.method, url.pathname);
    if (open) return open.handle({ request, url, parameters: open.parameters });
    const glanced = early(request.method, url.pathname);
    const [opened, state] = await Promise.all([glanced ? readable() : ready(), session.state()]);
    if (!opened || state !== "ouvert") {
      if (request.mode !== "navigate") return responses.lockedOut();
      return request.method === "GET" ? lock.instead(url) : lock.instead(new URL("/", origin), 401);
    }
    if (glanced && !etat.loaded) background(request, loadBehind);
    const found = glanced ?? guarded(request.method, url.pathname);
    if (!found) return screens.unknown();
    return landing(request, await found.handle({ request, url, parameters: found.parameters }));
  }

  /** htmx suivrait le renvoi d'ici à ici : l'écran d'arrivée lui est donné tout de suite, avec son adresse. */
  async function landing(request, response) {
    if (response.status !== 303 || !request.headers.has("HX-Request")) return response;
    const url = new URL(response.headers.get("Location"));
    const found = guarded("GET", url.pathname);
    if (!found || !etat.loaded) return response;
    const screen = await found.handle({ request, url, parameters: found.parameters });
    if (screen.ok) screen.headers.set("HX-Push-Url", url.pathname + url.search);
    return screen;
  }

  /** Réveil par le navigateur. Un échec se dit par un rejet : il réessaiera de lui-même, de plus en plus tard. */
  async function wake() {
    const { envoi: state, resultat } = await courier.send("reveil");
    if (state?.attente && resultat !== "fait" && resultat !== "depose") throw new Error(`envoi remis\u202f: ${resultat}`);
  }

  /** Ce travailleur prend la suite d'un autre : ce qu'il avait déjà lu a pu changer. */
  const takeOver = () => store.reread();

  const answer = createProtocol({ store, session, unlock, install, leaving, courier, drafts, ready, etat, version, activate });
  return { respond, offline, answer, wake, takeOver, parts: { store, leaving, session, etat, glance, outbox, courier, unlock, install, ready, exchange, deposit, drafts, flash } };
}
