/* Les notes de l'équipe sur un service de l'annuaire, sans réseau : en ajouter, reprendre ce que le serveur a refusé, les retirer. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { identifiant } from "../../../static/js/domain/identifiant.js";
import { noted, placeOf, unCarnetDe } from "./ecrans.js";
import { unId, UTILISATRICE } from "./harnais.js";

const VELO = { id: unId(), nom: "Prêt de vélo", chez: "Garage des Péripéties", source: "inventee", maj: "2026-05-04" };
const POCHE = { empreinte: "e1", services: [VELO], familles: [], communes: [], sources: [] };
const CARNET = { type: "cahier", id: unId(), genre: "annuaire", nom: "Annuaire", ferme_le: null, membres: [UTILISATRICE], valeurs: {} };

const uneNote = (note) => ({
  type: "feuille", id: unId(), cahier_id: CARNET.id, forme: "annotation", auteur: unId(), auteur_nom: "Noor Essai", note_le: "2026-11-20T09:00:00Z",
  retiree_le: null, retrait_motif: null, tardive: null, valeurs: { service_id: VELO.id, service: VELO.nom, note }, revisions: [],
});

const fiche = `/annuaire/services/${VELO.id}`;

async function unAnnuaire(...notes) {
  const carnet = await unCarnetDe([CARNET, ...notes], { role: "conseiller", annuaire: POCHE });
  // L'annuaire suit le premier échange.
  await carnet.phone.courier.send("main");
  return carnet;
}

test("a note is added beside the others, signed, and is found by its words", async () => {
  const carnet = await unAnnuaire(uneNote("Fermé le jeudi."));
  assert.match(await carnet.get(fiche), /Fermé le jeudi\..*Noor Essai, le 20 novembre/s);
  assert.match(await carnet.get(`${fiche}/noter`), /Jamais rien d’une personne accompagnée\./);
  assert.equal((await carnet.fill(`${fiche}/noter`, { note: " " })).status, 422);
  assert.equal(placeOf(await carnet.fill(`${fiche}/noter`, { note: "Demander Zineb." })), fiche);
  const [{ genre, personne, champs }] = noted(carnet);
  assert.deepEqual([genre, personne, champs], ["noter_annotation", CARNET.id, { service_id: VELO.id, service: VELO.nom, note: "Demander Zineb." }]);
  const html = await carnet.get(fiche);
  for (const said of ["Note ajoutée.", "Demander Zineb.", "Fermé le jeudi.", "à envoyer"]) assert.ok(html.includes(said), said);
  assert.match(await (await carnet.post("/annuaire/recherche", { q: "zineb" })).text(), /Prêt de vélo/);
});

test("a note of a colleague is corrected, then withdrawn with a reason", async () => {
  const note = uneNote("Fermé le jeudi.");
  const carnet = await unAnnuaire(note);
  const path = `/annotations/${note.id}`;
  assert.equal(placeOf(await carnet.fill(`${path}/modifier`, { note: "Fermé le vendredi." })), fiche);
  assert.match(await carnet.get(fiche), /Fermé le vendredi/);
  assert.equal((await carnet.post(`${path}/retirer`, { op_id: identifiant() })).status, 422);
  assert.equal(placeOf(await carnet.post(`${path}/retirer`, { op_id: identifiant(), motif: "Plus vrai" })), fiche);
  assert.doesNotMatch(await carnet.get(fiche), /vendredi/);
});

test("what the server refused is taken up again from the sending screen", async () => {
  const carnet = await unAnnuaire();
  await carnet.fill(`${fiche}/noter`, { note: "Demander Zineb." });
  const [first] = noted(carnet);
  carnet.server.refused.set(first.id, { note: ["Cette note ne convient pas."] });
  await carnet.phone.courier.send("main");
  const path = `/annotations/${first.entite}/modifier?corrige=${first.id}`;
  assert.ok((await carnet.get("/envoi")).includes(path));
  const html = await carnet.get(path);
  for (const said of ["Demander Zineb.", "Cette note ne convient pas.", "Prêt de vélo"]) assert.ok(html.includes(said), said);
  assert.equal(placeOf(await carnet.fill(path, { note: "Demander Zineb au bureau." })), fiche);
  assert.deepEqual(noted(carnet).map(({ genre, champs }) => [genre, champs]), [["noter_annotation", { ...first.champs, note: "Demander Zineb au bureau." }]]);
});

test("without the notebook the notes are not offered, and an unknown one leads back to the directory", async () => {
  const carnet = await unCarnetDe([], { role: "conseiller" });
  assert.equal((await carnet.respond(`${fiche}/noter`)).status, 404);
  assert.match(await carnet.get(`/annotations/${unId()}/modifier`), /n’est pas, ou plus, dans votre carnet/);
});
