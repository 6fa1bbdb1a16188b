import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { createDirectory } from "../../../static/js/worker/directory.js";

const POCHE = { empreinte: "e1", services: [{ id: "s1", nom: "Prêt de vélo" }] };

const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);

function unAnnuaire() {
  const rows = new Map();
  const server = { poche: POCHE, issue: "reponse", asked: 0 };
  const store = {
    get: async (_store, id) => rows.get(id),
    writeIfRoom: async (_stores, queue) => queue(() => ({ put: (row) => rows.set(row.id, row), delete: (id) => rows.delete(id) })),
  };
  const etat = { generation: 1, structure: "structure", reference: { annuaire: "e1" } };
  const session = { opened: { cle: key }, current: async () => session.opened };
  const transport = {
    async post(url) {
      assert.equal(url, "/sync/annuaire");
      server.asked += 1;
      return server.issue === "reponse" ? { issue: "reponse", corps: { annuaire: server.poche } } : { issue: server.issue };
    },
  };
  const directory = createDirectory({ store, etat, session, transport });
  return { directory, rows, server, etat, session, follow: () => directory.follow({ key, generation: etat.generation }) };
}

describe("l’annuaire du téléphone", () => {
  let here;
  beforeEach(async () => {
    here = unAnnuaire();
    await here.follow();
  });

  test("est demandé une fois, gardé chiffré, et relu", async () => {
    await here.follow();
    assert.equal(here.server.asked, 1);
    assert.deepEqual(await here.directory.open(), POCHE);
    const { donnees, ...clear } = here.rows.get("annuaire");
    assert.deepEqual(clear, { id: "annuaire", empreinte: "e1" });
    assert.ok(!new TextDecoder().decode(donnees).includes("vélo"));
  });

  test("est redemandé quand la référence en dit un autre", async () => {
    await here.directory.open();
    here.server.poche = { empreinte: "e2", services: [] };
    here.etat.reference = { annuaire: "e2" };
    await here.follow();
    assert.deepEqual((await here.directory.open()).services, []);
  });

  test("s’en va quand la structure n’en a plus", async () => {
    here.etat.reference = {};
    await here.follow();
    assert.equal(await here.directory.open(), null);
    assert.equal(here.server.asked, 1);
  });

  test("reste tel qu’il était quand le réseau manque", async () => {
    here.etat.reference = { annuaire: "e2" };
    here.server.issue = "hors_ligne";
    await here.follow();
    assert.deepEqual(await here.directory.open(), POCHE);
  });

  test("illisible, il est oublié puis redemandé", async () => {
    here.rows.get("annuaire").donnees[20] ^= 1;
    assert.equal(await here.directory.open(), null);
    await here.follow();
    assert.deepEqual(await here.directory.open(), POCHE);
  });

  test("carnet fermé, il ne se lit pas ; verrouillé pendant la réponse, rien ne s’écrit", async () => {
    here.session.opened = null;
    assert.equal(await here.directory.open(), null);
    here.rows.clear();
    await here.directory.follow({ key, generation: 0 });
    assert.equal(here.rows.size, 0);
  });
});
