import assert from "node:assert/strict";
import { test } from "node:test";

import { rendre } from "#jalon/gabarits";

import { heureParis, jourParis } from "../../../static/js/domain/dates.js";
import { identifiant } from "../../../static/js/domain/identifiant.js";
import { projeter } from "../../../static/js/domain/projection/index.js";
import * as saisie from "../../../static/js/domain/saisie/index.js";
import { dossier } from "../../../static/js/viewmodels/dossier.js";
import { choisirDossier, dossiers } from "../../../static/js/viewmodels/dossiers.js";
import { entretien } from "../../../static/js/viewmodels/entretien.js";
import { envoi } from "../../../static/js/viewmodels/envoi.js";
import { maJournee } from "../../../static/js/viewmodels/ma_journee.js";
import { messageConstat, messageEnregistre } from "../../../static/js/viewmodels/messages.js";
import { notes } from "../../../static/js/viewmodels/notes.js";
import { enTapant, personne } from "../../../static/js/viewmodels/personne.js";
import { rendezVous } from "../../../static/js/viewmodels/rendez_vous.js";
import { isFieldUrl } from "../../../static/js/worker/router.js";
import { PHRASE, unServeur, unTelephone } from "./harnais.js";

const ORIGIN = "https://jalon.example";
const INES = "0190c0de-0000-7000-8000-0000000000e1";
const RDV = "0190c0de-0000-7000-8000-0000000000e2";
const MESURE = "0190c0de-0000-7000-8000-0000000000e3";

const rules = {
  rendre,
  projeter,
  saisie,
  vues: { maJournee, dossiers, choisirDossier, dossier, entretien, rendezVous, enTapant, personne, envoi, notes, messageConstat, messageEnregistre },
  dates: { jourParis, heureParis },
  assets: { page: "/static/page.js", style: "/static/style.css", police: "/static/p.woff2" },
  newId: () => identifiant(),
};

const person = {
  type: "personne",
  id: INES,
  reference: null,
  nom: "Exemple-Inventé",
  prenom: "Inès",
  nom_usage: null,
  pseudonymes: [],
  date_naissance: null,
  naissance_precision: null,
  historique: {},
};

/** Le serveur d'essai ne rend que des personnes ; la mesure et le rendez-vous arrivent avec sa première réponse. */
async function unCarnet({ role = "conseiller", enBinome = null } = {}) {
  const server = unServeur();
  server.role = role;
  server.put(enBinome ? { ...person, en_binome: enBinome } : person);
  const real = server.fetch;
  server.fetch = async (url, init) => {
    const response = await real(url, init);
    if (url !== "/sync") return response;
    const body = await response.json();
    if (body.fiches.length && !server.withRecords) {
      server.withRecords = true;
      body.fiches.push(
        {
          type: "mesure", id: MESURE, personne_id: INES, version: 1, reference: null, convention: "ASP-NC", orientee_le: "2026-09-01",
          prescripteur: null, premier_contact_le: "2026-09-04", entree_le: "2026-09-10", fin_prevue_le: null, sortie_le: null,
          sortie_motif: null, historique: { referent: [], modalite: [] },
        },
        {
          type: "rendez_vous", id: RDV, personne_id: INES, mesure_id: MESURE, version: 1, reference: null, debut: "2026-11-26T08:00:00Z",
          duree: 45, lieu: "Mairie annexe", statut: "propose",
        },
      );
    }
    return new Response(JSON.stringify(body), { headers: { "Content-Type": "application/vnd.jalon.echange+json" } });
  };
  const phone = unTelephone({ server, rules });
  await phone.prepare();
  return phone;
}

const page = (path) => {
  const request = new Request(ORIGIN + path);
  Object.defineProperty(request, "mode", { value: "navigate" });
  return request;
};
const fragment = (path) => new Request(ORIGIN + path, { headers: { "HX-Request": "true" } });
const form = (path, fields, headers = {}) =>
  new Request(ORIGIN + path, { method: "POST", body: new URLSearchParams(fields), headers });

const hidden = (html, name) => new RegExp(`name="${name}" value="([^"]+)"`).exec(html)?.[1];

async function contactFields(phone, extra = {}) {
  const html = await (await phone.respond(page(`/entretiens/nouveau?dossier=${INES}&rendez_vous=${RDV}`))).text();
  const ids = ["op_id", "entite", "op_id_suivant", "entite_suivant", "op_id_constat", "dossier", "rendez_vous", "mesure_id"];
  return {
    ...Object.fromEntries(ids.map((name) => [name, hidden(html, name)])),
    statut: "honore",
    moyen: "presentiel",
    date: "2026-11-26",
    heure: "09:00",
    synthese: "Point sur le logement.",
    ...extra,
  };
}

test("field addresses are ours, everything else goes to the network", () => {
  for (const path of ["/", "/dossiers", `/dossiers/${INES}`, "/entretiens/nouveau", "/rendez-vous/nouveau", "/personnes/nouvelle", "/envoi", "/notes", "/tournee", "/tournee/cloture", "/verrou"]) {
    assert.equal(isFieldUrl(path), true, path);
  }
  for (const path of ["/rapports", "/supervision/fiches", "/connexion", "/installer", "/sync", "/dossiersx", "/aide", "/static/a.js"]) {
    assert.equal(isFieldUrl(path), false, path);
  }
});

test("a role that writes no contact is offered none, on any screen, and reaches none by its address", async () => {
  const phone = await unCarnet({ role: "secretariat" });
  for (const path of ["/", "/dossiers", `/dossiers/${INES}`, "/envoi", "/personnes/nouvelle", `/rendez-vous/nouveau?dossier=${INES}`]) {
    const html = await (await phone.respond(page(path))).text();
    assert.equal(html.includes('href="/entretiens/'), false, path);
    assert.ok(html.includes('href="/supervision/fiches"'), path);
  }
  const refused = await phone.respond(page(`/entretiens/nouveau?dossier=${INES}`));
  assert.deepEqual([refused.status, refused.headers.get("Location")], [303, `${ORIGIN}/`]);
  assert.match(await (await phone.respond(page("/"))).text(), /Votre rôle ne donne pas accès/);

  const counsellor = await unCarnet();
  const html = await (await counsellor.respond(page(`/dossiers/${INES}`))).text();
  assert.ok(html.includes('href="/entretiens/nouveau'));
  assert.equal(html.includes('href="/supervision/fiches"'), false);
});

test("who has a file as a partner only is given none of the forms that would show it", async () => {
  for (const [enBinome, status] of [[{ accord: true }, 404], [null, 200]]) {
    const phone = await unCarnet({ enBinome });
    assert.equal((await phone.respond(page(`/dossiers/${INES}/modifier`))).status, status);
    if (!enBinome) continue;
    for (const form of ["partager", "mesures/nouvelle", `mesures/${MESURE}/modifier`, `mesures/${MESURE}/sortie`]) {
      assert.equal((await phone.respond(page(`/dossiers/${INES}/${form}`))).status, status, form);
    }
  }
});

test("off-line, what becomes of one's notes is chosen, waits to be sent, and is not asked again", async () => {
  const phone = await unCarnet();
  const ids = ["1", "2"].map((end) => `0190c0de-0000-7000-8000-0000000000f${end}`);
  const note = { personne: INES, nom: "Inès Exemple-Inventé", date: "2026-10-12", texte: "Rappeler.", fin: "2026-11-20", limite: "2026-12-20" };
  const { etat } = phone;
  etat.setReference({ ...etat.reference, notes: ids.map((entretien) => ({ ...note, entretien })) });
  const today = async () => (await phone.respond(page("/"))).text();
  assert.match(await today(), /2 notes personnelles à transmettre ou à effacer/);
  const html = await (await phone.respond(page("/notes"))).text();
  const fields = Object.fromEntries(ids.map((id) => [`op-${id}`, hidden(html, `op-${id}`)]));
  assert.equal((await phone.respond(form("/notes", fields))).status, 422);
  assert.equal((await phone.respond(form("/notes", { ...fields, [`choix-${ids[0]}`]: "effacer" }))).status, 303);
  assert.match(await today(), /1 note personnelle à transmettre/);
  assert.equal((await phone.respond(form("/notes", { ...fields, tout: "transmettre" }))).status, 303);
  assert.doesNotMatch(await today(), /note personnelle à transmettre/);
  const sent = etat.operations().map(({ op: { genre, entite, personne: of } }) => [genre, entite, of]);
  assert.deepEqual(sent, [["effacer_note", ids[0], INES], ["transmettre_note", ids[1], INES]]);
});

test("without a vault the network answers", async () => {
  const server = unServeur();
  server.fetch = async () => new Response("du serveur");
  const phone = unTelephone({ server, rules });
  assert.equal(await (await phone.respond(page("/"))).text(), "du serveur");
});

test("every screen carries the server's headers, a fresh nonce and no-store", async () => {
  const phone = await unCarnet();
  const nonces = new Set();
  for (const path of ["/", "/dossiers", `/dossiers/${INES}`, `/entretiens/nouveau?dossier=${INES}`, "/entretiens/nouveau", "/personnes/nouvelle",
    `/dossiers/${INES}/modifier`, `/rendez-vous/nouveau?dossier=${INES}`, `/rendez-vous/${RDV}/deplacer`, "/envoi", "/aide/installation"]) {
    const response = await phone.respond(page(path));
    const html = await response.text();
    assert.equal(response.status, 200, path);
    assert.equal(response.headers.get("Cache-Control"), "no-store");
    const nonce = /nonce-([^']+)'/.exec(response.headers.get("Content-Security-Policy"))[1];
    assert.ok(html.includes(`nonce="${nonce}"`), path);
    assert.match(html, /data-origine="appareil"/);
    assert.equal(/<title>[^<]*(Inès|Exemple)/.test(html), false, "aucun nom dans un titre");
    nonces.add(nonce);
  }
  assert.equal(nonces.size, 11);
});

test("locked, a navigation shows the lock page and nothing else", async () => {
  const phone = await unCarnet();
  await phone.session.lock();
  for (const path of ["/", `/dossiers/${INES}`, "/envoi"]) {
    const response = await phone.respond(page(path));
    const html = await response.text();
    assert.equal(response.status, 200);
    assert.match(html, /data-verrou/);
    assert.equal(/Inès|Exemple|Mairie annexe/.test(html), false);
    assert.match(html, new RegExp(`name="suite" value="${path}"`));
  }
});

test("locked, an htmx request or a form gets 401 and nothing to swap", async () => {
  const phone = await unCarnet();
  const fields = await contactFields(phone);
  await phone.session.lock();
  for (const request of [fragment("/dossiers"), form("/entretiens/nouveau", fields)]) {
    const response = await phone.respond(request);
    assert.equal(response.status, 401);
    assert.equal(response.headers.get("X-Jalon-Erreur"), "verrou");
    assert.equal(response.headers.get("HX-Push-Url"), "false");
    assert.equal((await response.text()).includes("<"), false);
  }
  assert.equal(await phone.store.get("meta", "compteur"), 0);
});

test("a desk page asked for without network is the notebook's own, with nobody on it once locked", async () => {
  const phone = await unCarnet();
  const cut = new TypeError("Failed to fetch");
  const shown = await phone.offline(page("/rapports?annee=2026"), cut);
  const html = await shown.text();
  assert.equal(shown.status, 503);
  assert.match(html, /Cette page demande le réseau/);
  assert.match(html, /href="\/rapports\?annee=2026"/);
  assert.match(html, /data-menu|class="menu/);
  await phone.session.lock();
  const locked = await (await phone.offline(page("/rapports"), cut)).text();
  assert.match(locked, /Cette page demande le réseau/);
  assert.equal(/data-menu|class="menu|Exemple/.test(locked), false);
  await assert.rejects(unTelephone({ rules }).offline(page("/rapports"), cut), cut);
});

test("nothing typed is not a try", async () => {
  const phone = await unCarnet();
  await phone.session.lock();
  const empty = await phone.respond(form("/verrou", { secret: "", mode: "phrase", suite: "/" }));
  assert.equal(empty.status, 422);
  assert.match(await empty.text(), /Donnez votre phrase de passe/);
  assert.equal(await phone.store.get("meta", "tentatives"), undefined);
});

test("the lock form opens to the screen asked for, and only to ours", async () => {
  const phone = await unCarnet();
  await phone.session.lock();
  const wrong = await phone.respond(form("/verrou", { secret: "fausse", mode: "phrase", suite: "/dossiers" }));
  assert.equal(wrong.status, 422);
  assert.match(await wrong.text(), /pas la bonne phrase/);
  const elsewhere = await phone.respond(form("/verrou", { secret: PHRASE, mode: "phrase", suite: "//ailleurs.example/" }));
  assert.deepEqual([elsewhere.status, elsewhere.headers.get("Location")], [303, `${ORIGIN}/`]);
});

test("a contact is saved by one form, shown at once, sent once, and its draft goes with it", async () => {
  const phone = await unCarnet();
  const fields = await contactFields(phone);
  const { cle } = await phone.session.current();
  await phone.drafts.save(cle, phone.etat.structure, `entretien:${RDV}`, [["synthese", "Point"]]);
  const response = await phone.respond(form("/entretiens/nouveau", fields, { "X-Jalon-Brouillon": `entretien:${RDV}` }));
  assert.deepEqual([response.status, response.headers.get("Location")], [303, `${ORIGIN}/dossiers/${INES}`]);
  const html = await (await phone.respond(page(`/dossiers/${INES}`))).text();
  assert.match(html, /Point sur le logement\./);
  assert.match(html, /Contact noté/);
  assert.equal(await phone.drafts.read(cle, phone.etat.structure, `entretien:${RDV}`), null);
  await Promise.all(phone.after);
  assert.deepEqual(phone.server.applied.map(({ genre }) => genre), ["constater_rendez_vous", "noter_entretien"]);
  await phone.respond(form("/entretiens/nouveau", fields));
  await Promise.all(phone.after);
  assert.equal(new Set(phone.server.applied.map(({ id }) => id)).size, 2);
});

test("htmx is given at once the screen a contact leads to, under its own address", async () => {
  const phone = await unCarnet();
  const fields = await contactFields(phone);
  const response = await phone.respond(form("/entretiens/nouveau", fields, { "HX-Request": "true" }));
  assert.deepEqual([response.status, response.headers.get("HX-Push-Url")], [200, `/dossiers/${INES}`]);
  const html = await response.text();
  assert.match(html, /Point sur le logement\./);
  assert.match(html, /Contact noté/);
  const gone = await phone.respond(form("/dossiers/0190c0de-0000-7000-8000-0000000000ff/modifier", {}, { "HX-Request": "true" }));
  assert.deepEqual([gone.status, gone.headers.get("HX-Push-Url")], [404, "false"]);
});

test("a form with errors comes back with its typing, under the address of the form", async () => {
  const phone = await unCarnet();
  const fields = await contactFields(phone, { date: "2031-01-01" });
  const response = await phone.respond(form("/entretiens/nouveau", fields));
  const html = await response.text();
  assert.equal(response.status, 422);
  assert.equal(response.headers.get("HX-Push-Url"), "false");
  assert.match(html, /data-resume-erreurs/);
  assert.match(html, /Point sur le logement\./);
  assert.equal(hidden(html, "op_id"), fields.op_id);
});

test("a full phone says so, keeps the typing and writes nothing", async () => {
  const phone = await unCarnet();
  const fields = await contactFields(phone);
  phone.outbox.add = async () => {
    throw new DOMException("plein", "QuotaExceededError");
  };
  const response = await phone.respond(form("/entretiens/nouveau", fields));
  const html = await response.text();
  assert.equal(response.status, 507);
  assert.match(html, /n’a plus de place/);
  assert.match(html, /Point sur le logement\./);
});

test("an outcome is told in one tap, and undone in one tap", async () => {
  const phone = await unCarnet();
  const told = await phone.respond(form(`/rendez-vous/${RDV}/constat`, { statut: "absence_excusee", op_id: identifiant(), retour: "/" }));
  assert.equal(told.headers.get("Location"), `${ORIGIN}/`);
  const html = await (await phone.respond(page("/"))).text();
  assert.match(html, /data-annuler/);
  const undo = hidden(html.slice(html.indexOf("data-annuler")), "op_id");
  await phone.respond(form(`/rendez-vous/${RDV}/constat`, { statut: "propose", op_id: undo, retour: "/" }));
  assert.equal(phone.etat.dossier(INES).rendez_vous[0].statut, "propose");
  await Promise.all(phone.after);
  await phone.courier.send("main");
  assert.deepEqual(phone.server.applied.map(({ champs }) => champs.statut), ["absence_excusee", "propose"]);
});

test("a refused contact opens again in its form, with the reason, and leaves corrected", async () => {
  const phone = await unCarnet();
  const fields = await contactFields(phone);
  phone.server.refused.set(fields.op_id, { date: ["Cet entretien n'a pas encore eu lieu."] });
  await phone.respond(form("/entretiens/nouveau", fields));
  await Promise.all(phone.after);
  const list = await (await phone.respond(page("/envoi"))).text();
  const url = /href="(\/entretiens\/nouveau\?[^"]*corrige=[^"]*)"/.exec(list)[1].replaceAll("&amp;", "&");
  const html = await (await phone.respond(page(url))).text();
  assert.match(html, /pas encore eu lieu/);
  assert.match(html, /Point sur le logement\./);
  assert.equal(hidden(html, "remplace"), fields.op_id);
  assert.equal(hidden(html, "entite"), fields.entite);
  const corrected = { ...fields, op_id: hidden(html, "op_id"), remplace: fields.op_id, date: "2026-11-25" };
  assert.equal((await phone.respond(form("/entretiens/nouveau", corrected))).status, 303);
  await Promise.all(phone.after);
  assert.equal(phone.server.applied.at(-1).remplace, fields.op_id);
  assert.deepEqual(phone.etat.operations(), []);
});

/** Un carnet dont la structure a deux conventions, et un serveur qui retient une mesure tant que la personne lui est inconnue. */
async function unCarnetAConventions() {
  const phone = await unCarnet();
  const conventions = ["ASP-NC", "DSP-TDL"].map((code) => ({ code, libelle: code, debut: "2022-01-01", cadence: null }));
  phone.etat.setReference({ ...phone.etat.reference, conventions });
  return phone;
}

async function refusedPerson(phone, fields = {}) {
  const html = await (await phone.respond(page("/personnes/nouvelle"))).text();
  const ids = Object.fromEntries(["op_id", "entite", "op_id_mesure", "entite_mesure"].map((name) => [name, hidden(html, name)]));
  phone.server.refused.set(ids.op_id, { date_naissance: ["Cette date de naissance est à venir."] });
  phone.server.held.add(ids.op_id_mesure);
  const typed = {
    prenom: "Lou", nom: "Tréguier-Inventé", sexe: "femme", convention: "DSP-TDL", orientee_le: "2026-11-20", prescripteur: "MDS de Toul", ...fields,
  };
  await phone.respond(form("/personnes/nouvelle", { ...ids, ...typed }));
  await Promise.all(phone.after);
  assert.deepEqual(phone.etat.operations().map(({ op, etat }) => [op.genre, etat]), [["creer_personne", "refusee"], ["ouvrir_mesure", "retenue"]]);
  phone.server.held.clear();
  const again = await (await phone.respond(page(`/personnes/nouvelle?corrige=${ids.op_id}`))).text();
  const names = ["op_id", "entite", "op_id_mesure", "entite_mesure", "remplace", "date_effet"];
  return { ids, typed, html: again, reopened: Object.fromEntries(names.map((name) => [name, hidden(again, name)]).filter(([, value]) => value)) };
}

test("a refused person is corrected with the measure she came with: one measure is sent, as typed", async () => {
  const phone = await unCarnetAConventions();
  const { ids, typed, html, reopened } = await refusedPerson(phone);
  assert.match(html, /date de naissance est à venir/);
  assert.match(html, /value="DSP-TDL"[^>]*checked/);
  assert.match(html, /value="2026-11-20"/);
  assert.match(html, /value="MDS de Toul"/);
  assert.deepEqual([reopened.entite, reopened.entite_mesure, reopened.op_id_mesure], [ids.entite, ids.entite_mesure, ids.op_id_mesure]);
  await phone.respond(form("/personnes/nouvelle", { ...typed, ...reopened, prenom: "Loup" }));
  assert.equal(phone.etat.dossier(ids.entite).mesures.length, 1, "la mesure se voit dès la correction");
  await Promise.all(phone.after);
  const opened = phone.server.applied.filter(({ genre }) => genre === "ouvrir_mesure");
  assert.deepEqual(opened.map(({ id, entite }) => [id, entite]), [[ids.op_id_mesure, ids.entite_mesure]]);
  assert.deepEqual([opened[0].champs.convention, opened[0].champs.orientee_le], ["DSP-TDL", "2026-11-20"]);
  assert.deepEqual(phone.server.applied.map(({ genre }) => genre), ["creer_personne", "ouvrir_mesure"]);
  assert.deepEqual(phone.etat.operations(), []);
});

test("a measure retyped while correcting the person replaces the one that waited", async () => {
  const phone = await unCarnetAConventions();
  const { ids, typed, reopened } = await refusedPerson(phone);
  await phone.respond(form("/personnes/nouvelle", { ...typed, ...reopened, convention: "ASP-NC", orientee_le: "2026-11-21" }));
  await Promise.all(phone.after);
  const opened = phone.server.applied.filter(({ genre }) => genre === "ouvrir_mesure");
  assert.deepEqual(opened.map(({ entite, remplace }) => [entite, remplace]), [[ids.entite_mesure, ids.op_id_mesure]]);
  assert.deepEqual([opened[0].champs.convention, opened[0].champs.orientee_le], ["ASP-NC", "2026-11-21"]);
  assert.deepEqual(phone.etat.operations(), []);
});

test("corrected the day after, a person and her measure keep the day they were noted", async () => {
  const phone = await unCarnetAConventions();
  const { typed, reopened } = await refusedPerson(phone, { orientee_le: "" });
  assert.equal(reopened.date_effet, "2026-11-26");
  phone.clock.ms += 24 * 3_600_000;
  await phone.respond(form("/verrou", { secret: PHRASE, mode: "phrase", suite: "/" }));
  assert.equal((await phone.respond(form("/personnes/nouvelle", { ...typed, ...reopened }))).status, 303);
  await Promise.all(phone.after);
  await phone.courier.send("main");
  const noted = phone.server.applied.map(({ genre, champs }) => [genre, champs.date_effet]);
  assert.deepEqual(noted, [["creer_personne", "2026-11-26"], ["ouvrir_mesure", "2026-11-26"]]);
});

test("the draft of a correction is not that of a fresh form", async () => {
  const phone = await unCarnetAConventions();
  const draftOf = (html) => /data-brouillon="([^"]+)"/.exec(html)[1];
  const { ids, html } = await refusedPerson(phone);
  const fresh = await (await phone.respond(page("/personnes/nouvelle"))).text();
  assert.deepEqual([draftOf(fresh), draftOf(html)], ["personne:nouvelle", `personne:nouvelle:${ids.op_id}`]);
});

test("a new person made off-line has her file at once", async () => {
  const phone = await unCarnet();
  const html = await (await phone.respond(page("/personnes/nouvelle"))).text();
  const ids = Object.fromEntries(["op_id", "entite", "op_id_mesure", "entite_mesure"].map((name) => [name, hidden(html, name)]));
  phone.server.faults = ["coupure"];
  const response = await phone.respond(form("/personnes/nouvelle", { ...ids, prenom: "Lou", nom: "Tréguier-Inventé" }));
  assert.equal(response.headers.get("Location"), `${ORIGIN}/dossiers/${ids.entite}`);
  await Promise.all(phone.after);
  const shown = await (await phone.respond(page(`/dossiers/${ids.entite}`))).text();
  assert.match(shown, /Lou Tréguier-Inventé/);
  assert.match(shown, /1 à envoyer/);
});

test("someone alike is shown while typing, off-line, and what was shown is not asked again", async () => {
  const phone = await unCarnet();
  const html = await (await phone.respond(page("/personnes/nouvelle"))).text();
  const ids = Object.fromEntries(["op_id", "entite", "op_id_mesure", "entite_mesure"].map((name) => [name, hidden(html, name)]));
  phone.server.faults = ["coupure", "coupure", "coupure"];
  const typed = { ...ids, prenom: "Inés", nom: "Inventé" };
  const shown = await (await phone.respond(form("/personnes/ressemblances", typed, { "HX-Request-Type": "partial" }))).text();
  assert.match(shown, /Une partie du même nom/);
  assert.equal(hidden(shown, "vues"), INES);
  assert.equal((await phone.respond(form("/personnes/nouvelle", typed))).status, 422, "envoyé sans l’avoir montré");
  assert.equal((await phone.respond(form("/personnes/nouvelle", { ...typed, vues: INES }))).status, 303);
});

test("search answers htmx with the list alone, and a browser with the page", async () => {
  const phone = await unCarnet();
  const alone = await phone.respond(form("/dossiers/recherche", { q: "ines" }, { "HX-Request-Type": "partial" }));
  const list = await alone.text();
  assert.match(list, /Exemple-Inventé/);
  assert.equal(list.includes("<html"), false);
  const whole = await (await phone.respond(form("/dossiers/recherche", { q: "personne d'autre" }))).text();
  assert.match(whole, /<html/);
  assert.equal(whole.includes("Exemple-Inventé"), false);
});

test("an unknown file is said kindly, with 404", async () => {
  const phone = await unCarnet();
  for (const path of ["/dossiers/0190c0de-0000-7000-8000-00000000ffff", "/dossiers/nimporte", "/entretiens/nouveau?dossier=x"]) {
    const response = await phone.respond(page(path));
    assert.equal(response.status, 404, path);
    assert.match(await response.text(), /plus, dans votre carnet/);
  }
});

test("hostile text is shown as text", async () => {
  const phone = await unCarnet();
  const fields = await contactFields(phone, { synthese: "<img src=x onerror=alert(1)>" });
  await phone.respond(form("/entretiens/nouveau", fields));
  const html = await (await phone.respond(page(`/dossiers/${INES}`))).text();
  assert.equal(html.includes("<img src=x"), false);
  assert.match(html, /&lt;img src=x/);
});
