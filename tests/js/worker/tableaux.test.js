import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { PAGE, unfold } from "../../../static/js/worker/tableaux.js";
import { unePersonne, unTelephonePrepare } from "./harnais.js";

const { cas } = JSON.parse(readFileSync(new URL("../../corpus/tableaux.json", import.meta.url), "utf8"));

const sorted = (records) => records.map((record) => JSON.stringify(record, Object.keys(record).sort())).sort();

for (const { nom, fiches, tableaux, operations } of cas) {
  test(`tableaux : ${nom}`, () => {
    const { curseur, fiches: unfolded } = unfold({ curseur: "c", fiches: [], tableaux }, operations);
    assert.equal(curseur, "c");
    assert.deepEqual(sorted(unfolded), sorted(fiches));
  });
}

test("results without their names take them from the order of the request", () => {
  const sent = [{ id: "a" }, { id: "b" }];
  const resultats = [{ statut: "applied", version: 3 }, { statut: "refused", erreurs: { lieu: ["Trop long."] } }];
  assert.deepEqual(unfold({ resultats, tableaux: [] }, sent).resultats, [
    { id: "a", statut: "applied", version: 3, erreurs: {} },
    { id: "b", statut: "refused", version: null, erreurs: { lieu: ["Trop long."] } },
  ]);
});

test("an answer without tables is left as it is", () => {
  const answer = { fiches: [{ type: "personne", id: "p" }] };
  assert.equal(unfold(answer), answer);
  assert.equal(unfold(null), null);
});

test("a phone takes what comes in tables as it takes records", async () => {
  const { phone, server } = await unTelephonePrepare();
  const person = unePersonne({ nom: "Rangée" });
  server.put(person);
  const plain = server.fetch;
  server.fetch = async (url, init) => {
    const answer = await (await plain(url, init)).json();
    const tableaux = answer.fiches.map((fiche) => ({ nombre: 1, communs: fiche, champs: [], colonnes: [] }));
    return new Response(JSON.stringify({ ...answer, fiches: [], tableaux }), {
      headers: { "Content-Type": "application/vnd.jalon.echange+json" },
    });
  };
  await phone.courier.send("main");
  assert.equal(phone.etat.dossier(person.id).personne.nom, "Rangée");
});

test("a cut page is asked shorter, and longer again once one went through", async () => {
  const { phone, server } = await unTelephonePrepare();
  const asked = () => server.requests.at(-1).octets;
  await phone.courier.send("main");
  assert.equal(asked(), PAGE.most);
  server.faults.push("reponse_perdue", "reponse_perdue");
  await phone.courier.send("main");
  await phone.courier.send("main");
  await phone.courier.send("main");
  assert.equal(asked(), PAGE.most / 16);
  await phone.courier.send("main");
  assert.equal(asked(), PAGE.most / 8);
});
