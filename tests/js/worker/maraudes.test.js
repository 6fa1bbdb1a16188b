/* La maraude sur le téléphone : de la première rencontre à ce que lit l'équipe suivante, sans réseau. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { identifiant } from "../../../static/js/domain/identifiant.js";
import { noted, placeOf, unCarnetDe } from "./ecrans.js";
import { unId, UTILISATRICE } from "./harnais.js";

const CAHIER = {
  type: "cahier", id: unId(), genre: "secteur", nom: "Secteur Gare", ferme_le: null, membres: [UTILISATRICE],
  valeurs: { consignes: "Prévenir l’astreinte du modèle." },
};

const unCarnet = ({ cahiers = [CAHIER], ...options } = {}) => unCarnetDe(cahiers, options);

async function enMaraude(carnet) {
  return placeOf(await carnet.fill("/maraudes/nouvelle", { le: "2026-11-26", debut: "00:01", equipe: UTILISATRICE }));
}

test("counting only takes a page already filled, and the screen says what was noted", async () => {
  const carnet = await unCarnet();
  const maraude = await enMaraude(carnet);
  assert.match(await carnet.get(maraude), /Maraude commencée\./);
  assert.match(await carnet.get(`${maraude}/rencontre`), new RegExp(`href="${maraude}/rencontre\\?qui=compter"`));
  const counted = await carnet.get(`${maraude}/rencontre?qui=compter`);
  assert.match(counted, /name="adultes"[^>]*value="1"/);
  assert.equal(placeOf(await carnet.fill(`${maraude}/rencontre?qui=compter`, { adultes: "1" })), maraude);
  const html = await carnet.get(maraude);
  assert.match(html, /Rencontre notée\./);
  assert.doesNotMatch(html, /Rien n’a changé/);
  assert.match(html, /1 adulte</);
  assert.deepEqual(noted(carnet).map(({ genre }) => genre), ["noter_maraude", "noter_rencontre"]);
});

test("a new name and the first meeting are one gesture; not told, no name is kept", async () => {
  const carnet = await unCarnet();
  const maraude = await enMaraude(carnet);
  const path = `${maraude}/rencontre?qui=nouveau`;
  assert.match(await carnet.get(path), /name="chiens"/);
  const refused = await carnet.fill(path, { "connu-pseudonyme": "Momo", adultes: "1", chiens: "2" });
  assert.equal(refused.status, 422);
  assert.match(await refused.text(), /Sans le lui avoir dit, ne gardez pas son nom/);
  assert.equal(placeOf(await carnet.fill(path, { "connu-pseudonyme": "Momo", adultes: "1", chiens: "2", informe: "oui" })), maraude);
  const [, connu, rencontre] = noted(carnet);
  assert.deepEqual([connu.genre, connu.champs.chiens, connu.champs.informe_le], ["noter_connu", 2, "2026-11-26"]);
  assert.equal(rencontre.champs.connu_id, connu.entite);
  assert.match(await carnet.get(maraude), /Le nom est gardé au cahier\./);

  const known = `${maraude}/rencontre?qui=${connu.entite}`;
  assert.match(await carnet.get(`${maraude}/rencontre`), new RegExp(known.replace("?", "\\?")));
  assert.match(await carnet.get(known), /name="chiens"[^>]*value="2"/);
  assert.equal(placeOf(await carnet.fill(known, { adultes: "1" })), maraude);
  assert.match(await carnet.get(`/connus/${connu.entite}`), /Momo/);
});

test("danger leads to what to do, and the end of the round to what the next team reads", async () => {
  const carnet = await unCarnet();
  const maraude = await enMaraude(carnet);
  const danger = placeOf(await carnet.fill(`${maraude}/rencontre?qui=compter`, { adultes: "1", alerte: "danger", ou: "Quai 3" }));
  const html = await carnet.get(danger);
  for (const said of ["tel:115", "Prévenir l’astreinte du modèle.", "aucun signalement n’a été fait"]) assert.ok(html.includes(said), said);
  assert.equal(placeOf(await carnet.fill(`${maraude}/fin`, { fin: "23:30", transmission: "Le porche est fermé" })), "/maraudes");
  const read = await carnet.get("/maraudes");
  for (const said of ["Le porche est fermé", "Quai 3", "en danger"]) assert.ok(read.includes(said), said);
});

test("what the server refused is taken up again from the sending screen, under the same record", async () => {
  const carnet = await unCarnet();
  const maraude = await enMaraude(carnet);
  await carnet.fill(`${maraude}/rencontre?qui=compter`, { adultes: "2", ou: "Porche" });
  const [, meeting] = noted(carnet);
  carnet.server.refused.set(meeting.id, { ou: ["Ce lieu ne convient pas."] });
  await carnet.phone.courier.send("main");
  const path = `/rencontres/${meeting.entite}/modifier?corrige=${meeting.id}`;
  assert.ok((await carnet.get("/envoi")).includes(path));
  const html = await carnet.get(path);
  assert.match(html, /Ce lieu ne convient pas\./);
  assert.match(html, /name="adultes"[^>]*value="2"/);
  assert.equal(placeOf(await carnet.fill(path, { adultes: "2", ou: "Quai 1" })), maraude);
  await carnet.phone.courier.send("main");
  const last = carnet.server.applied.at(-1);
  assert.deepEqual([last.genre, last.entite, last.champs.ou, noted(carnet)], ["noter_rencontre", meeting.entite, "Quai 1", []]);
});

test("a name refused is taken up again, then its first meeting follows; withdrawn, the name is read no more", async () => {
  const carnet = await unCarnet();
  const maraude = await enMaraude(carnet);
  await carnet.fill(`${maraude}/rencontre?qui=nouveau`, { "connu-pseudonyme": "Momo", adultes: "1", informe: "oui" });
  const [, connu] = noted(carnet);
  carnet.server.refused.set(connu.id, { pseudonyme: ["Ce nom ne convient pas."] });
  await carnet.phone.courier.send("main");
  const path = `/connus/${connu.entite}/modifier?corrige=${connu.id}`;
  assert.match(await carnet.get("/envoi"), new RegExp(path.replace("?", "\\?")));
  assert.match(await carnet.get(path), /Ce nom ne convient pas\./);
  assert.equal(placeOf(await carnet.fill(path, { pseudonyme: "Mo", informe_le: "2026-11-26" })), `/connus/${connu.entite}`);
  await carnet.phone.courier.send("main");
  assert.deepEqual(noted(carnet), []);
  assert.match(await carnet.get(maraude), />Mo</);

  await carnet.post(`/connus/${connu.entite}/retirer`, { op_id: identifiant(), motif: "Elle l’a demandé" });
  const html = await carnet.get(maraude);
  assert.doesNotMatch(html, />Mo</);
  assert.match(html, />1 adulte</);
  assert.equal((await carnet.respond(`${maraude}/rencontre?qui=${connu.entite}`)).status, 404);
});

test("a meeting being written is kept when the name is withdrawn meanwhile", async () => {
  const carnet = await unCarnet();
  const maraude = await enMaraude(carnet);
  await carnet.fill(`${maraude}/rencontre?qui=nouveau`, { "connu-pseudonyme": "Momo", adultes: "1", informe: "oui" });
  const [, { entite: connu }] = noted(carnet);
  const path = `${maraude}/rencontre?qui=${connu}`;
  const html = await carnet.get(path);
  const hidden = [...html.slice(html.indexOf('id="formulaire"')).matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  await carnet.post(`/connus/${connu}/retirer`, { op_id: identifiant(), motif: "Elle l’a demandé" });
  const fields = { ...Object.fromEntries(hidden.map(([, name, value]) => [name, value])), note: "Revient demain" };
  const refused = await carnet.post(path, { ...fields, adultes: "beaucoup" });
  assert.equal(refused.status, 422);
  assert.doesNotMatch(await refused.text(), /Momo/);
  assert.equal(placeOf(await carnet.post(path, { ...fields, adultes: "1" })), maraude);
  const { champs } = noted(carnet).at(-1);
  assert.deepEqual([champs.connu_id, champs.note], [connu, "Revient demain"]);
});

test("a meeting left in a withdrawn round is moved to the one it took place in", async () => {
  const carnet = await unCarnet();
  const twice = await enMaraude(carnet);
  await carnet.fill(`${twice}/rencontre?qui=compter`, { adultes: "3" });
  const meeting = noted(carnet).at(-1);
  await carnet.post(`${twice}/retirer`, { op_id: identifiant(), motif: "Commencée deux fois" });
  const kept = await enMaraude(carnet);
  assert.match(await carnet.get("/maraudes"), /Retirées, avec des rencontres/);
  const path = `/rencontres/${meeting.entite}/modifier`;
  assert.equal((await carnet.fill(path, { adultes: "3" })).status, 422);
  assert.equal((await carnet.fill(path, { adultes: "3", maraude_id: kept.split("/").at(-1) })).status, 303);
  assert.doesNotMatch(await carnet.get("/maraudes"), /Retirées, avec des rencontres/);
  assert.match(await carnet.get(kept), />3 adultes</);
});

test("a change or a withdrawal is one operation on its record", async () => {
  const carnet = await unCarnet();
  const maraude = await enMaraude(carnet);
  await carnet.fill(`${maraude}/rencontre?qui=compter`, { adultes: "2", ou: "Porche" });
  const [, { entite }] = noted(carnet);
  await carnet.phone.courier.send("main");
  assert.equal(placeOf(await carnet.fill(`/rencontres/${entite}/modifier`, { adultes: "2", ou: "Quai 1" })), maraude);
  assert.equal((await carnet.post(`/rencontres/${entite}/retirer`, { op_id: identifiant() })).status, 422);
  assert.equal(placeOf(await carnet.post(`/rencontres/${entite}/retirer`, { op_id: identifiant(), motif: "Notée deux fois" })), maraude);
  assert.doesNotMatch(await carnet.get(maraude), /Quai 1/);
  assert.match(await carnet.get(`/rencontres/${entite}/modifier`), /Notée deux fois/);
});

test("an unknown page speaks of no file, and who holds no sector is told whom to ask", async () => {
  const carnet = await unCarnet();
  for (const path of [`/maraudes/${unId()}`, `/rencontres/${unId()}/modifier`, `/connus/${unId()}`, "/maraudes/abc", "/connus"]) {
    const response = await carnet.respond(path);
    const html = await response.text();
    assert.equal(response.status, 404, path);
    assert.match(html, /Cette page n’est pas, ou plus, dans votre carnet\./);
    assert.doesNotMatch(html, /Ce dossier n’est pas/);
  }
  const alone = await unCarnet({ cahiers: [] });
  assert.match(await alone.get("/maraudes"), /Le chef de service ouvre le cahier d’un secteur/);
  for (const [{ get }, shown] of [[carnet, true], [alone, false]]) {
    assert.equal((await get("/envoi")).includes('href="/maraudes"'), shown);
  }
  const reader = await unCarnet({ role: "secretariat" });
  assert.equal(placeOf(await reader.respond("/maraudes")), "/");
});
