/* Le comité sur le téléphone : décider, reprendre ce que le serveur a refusé, et ne plus le montrer quand il est passé. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { identifiant } from "../../../static/js/domain/identifiant.js";
import { noted, placeOf, unCarnetDe } from "./ecrans.js";
import { unId, UTILISATRICE } from "./harnais.js";

const COMITE = {
  type: "cahier", id: unId(), genre: "comite", nom: "Comité de l’atelier", ferme_le: null, membres: [UTILISATRICE],
  valeurs: { jour: "2026-11-26", avec: "Atelier des Sources" },
};
const RESUME = { age: "34 ans", le: "2026-11-25", reperes: [["Permis", "non"]], sections: [{ titre: "Accompagnement", lignes: ["Référente : Lise"] }] };

const uneSituation = (nom, champs = {}) => ({
  type: "feuille", id: unId(), cahier_id: COMITE.id, forme: "situation", auteur: UTILISATRICE, auteur_nom: "Une Essai", note_le: "2026-11-20T09:00:00Z",
  retiree_le: null, retrait_motif: null, tardive: null, valeurs: { nom }, revisions: [], ...champs,
});

const page = ({ id }) => `/situations/${id}/modifier`;

async function enComite(options) {
  const situations = [uneSituation("Awa", { resume: RESUME, valeurs: { nom: "Awa", dossier_id: unId() } }), uneSituation("K. B.")];
  return { situations, carnet: await unCarnetDe([COMITE, ...situations], { role: "conseiller", ...options }) };
}

test("from one situation to the next, then back to the list", async () => {
  const { carnet, situations: [awa, kb] } = await enComite();
  assert.match(await carnet.get("/comites"), /2 situations/);
  const html = await carnet.get(page(awa));
  for (const said of ["34 ans", "Permis", "Référente : Lise", "Préparé hier", "1 sur 2"]) assert.ok(html.includes(said), said);
  assert.equal((await carnet.fill(page(awa), { decision: " " })).status, 422);
  assert.equal(placeOf(await carnet.fill(page(awa), { decision: "Six mois.", suivi_par: "referent" })), page(kb));
  assert.match(await carnet.get(page(kb)), /Décision notée\./);
  assert.equal(placeOf(await carnet.fill(page(kb), { nom: "Mme K. B.", decision: "La SIAE prolonge." })), `/comites/${COMITE.id}`);
  const list = await carnet.get(`/comites/${COMITE.id}`);
  for (const said of ["2 décidées", "Mme K. B.", "Son référent", "suivie seulement ici"]) assert.ok(list.includes(said), said);
});

test("an unforeseen situation is one operation, and it can be withdrawn", async () => {
  const { carnet } = await enComite();
  const place = `/comites/${COMITE.id}`;
  assert.equal((await carnet.fill(`${place}/situation`, { nom: "" })).status, 422);
  assert.equal(placeOf(await carnet.fill(`${place}/situation`, { nom: "N. O." })), place);
  const [{ genre, entite, champs }] = noted(carnet);
  assert.deepEqual([genre, champs], ["noter_situation", { nom: "N. O." }]);
  assert.equal((await carnet.post(`/situations/${entite}/retirer`, { op_id: identifiant() })).status, 422);
  assert.equal(placeOf(await carnet.post(`/situations/${entite}/retirer`, { op_id: identifiant(), motif: "Notée deux fois" })), place);
  assert.doesNotMatch(await carnet.get(place), /N\. O\./);
});

test("what the server refused is taken up again from the sending screen, under the same record", async () => {
  const { carnet } = await enComite();
  await carnet.fill(`/comites/${COMITE.id}/situation`, { nom: "N. O.", decision: "Revoir." });
  const [situation] = noted(carnet);
  carnet.server.refused.set(situation.id, { nom: ["Ce nom ne convient pas."] });
  await carnet.phone.courier.send("main");
  const path = `/situations/${situation.entite}/modifier?corrige=${situation.id}`;
  assert.ok((await carnet.get("/envoi")).includes(path));
  const html = await carnet.get(path);
  assert.match(html, /Ce nom ne convient pas\./);
  assert.match(html, />\s*Revoir\.<\/textarea>/);
  assert.equal(placeOf(await carnet.fill(path, { nom: "Nina O.", decision: "Revoir." })), `/comites/${COMITE.id}`);
  await carnet.phone.courier.send("main");
  const last = carnet.server.applied.at(-1);
  assert.deepEqual([last.genre, last.entite, last.champs.nom, noted(carnet)], ["noter_situation", situation.entite, "Nina O.", []]);
});

test("seven days after, without network, it is read no more", async () => {
  const clock = { ms: Date.parse("2026-12-03T09:00:00Z") };
  const { carnet } = await enComite({ clock });
  assert.match(await carnet.get("/comites"), /Déjà tenus/);
  clock.ms += 24 * 3_600_000;
  assert.match(await carnet.get("/comites"), /Aucun comité prévu/);
  assert.equal((await carnet.respond(`/comites/${COMITE.id}`)).status, 404);
  assert.equal((await carnet.respond(`/situations/${unId()}/modifier`)).status, 404);
});
