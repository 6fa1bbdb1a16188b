import assert from "node:assert/strict";
import { test } from "node:test";

import { openDB } from "idb";

import { unEntretien, unePersonne, unId, unTelephonePrepare } from "./harnais.js";

const vues = { maJournee: (dossiers) => ({ dossiers }), dossiers: (dossiers) => ({ dossiers }) };
const JOUR = 86_400_000;

/** Les travaux remis après l'écran ne partent qu'à la demande : on voit ce que l'écran a lu sans eux. */
async function unTelephoneAuRepos(options = {}) {
  const behind = [];
  const rules = { vues, background: (_request, work) => behind.push(work) };
  const { phone, server, person } = await unTelephonePrepare({ ...options, rules });
  return { phone, server, person, behind, rules };
}

const cold = (phone, changes) => {
  const again = phone.restart(changes);
  again.showing = async (path = "/") => {
    const response = await again.respond({ method: "GET", mode: "navigate", url: `https://jalon.example${path}`, headers: new Headers() });
    const { gabarit, contexte } = JSON.parse(await response.text());
    return { gabarit, dossiers: contexte.dossiers };
  };
  return again;
};

const onDisk = async (phone, work) => {
  globalThis.indexedDB = phone.disk;
  const db = await openDB("jalon");
  try {
    return await work(db);
  } finally {
    db.close();
  }
};
const glanceOf = (phone) => onDisk(phone, (db) => db.get("reference", "apercu"));

test("a cold screen is answered before the notebook is read, and the rest follows", async () => {
  const { phone, person, behind } = await unTelephoneAuRepos();
  const again = cold(phone);
  for (const path of ["/", "/dossiers"]) {
    assert.deepEqual((await again.showing(path)).dossiers.map(({ personne }) => personne.id), [person.id]);
    assert.equal(again.etat.loaded, false);
  }
  await Promise.all(behind.map((work) => work()));
  assert.equal(again.etat.loaded, true);
  assert.equal((await again.showing()).dossiers.length, 1);
});

test("what waits to be sent is on the cold screen, with the whole dossier it touches", async () => {
  const { phone, person } = await unTelephoneAuRepos();
  await phone.note(unEntretien(person.id, { synthese: "Vue au marché." }));
  const again = cold(phone);
  const [dossier] = (await again.showing()).dossiers;
  assert.equal(dossier.entretiens[0].synthese, "Vue au marché.");
  assert.equal(dossier.entretiens[0].envoi, "en_attente");
  assert.equal(again.etat.loaded, false);
});

test("a person noted here and unknown to the server is on the cold screen", async () => {
  const { phone } = await unTelephoneAuRepos();
  const id = unId();
  await phone.note({ id: unId(), genre: "creer_personne", entite: id, personne: id, champs: { nom: "Neuve", prenom: "Lou" } });
  const again = cold(phone);
  assert.deepEqual((await again.showing()).dossiers.map(({ personne }) => personne.nom).sort(), ["Exemple", "Neuve"]);
  assert.equal(again.etat.loaded, false);
});

test("every exchange writes the glance with what it summarises", async () => {
  const { phone, server, person } = await unTelephoneAuRepos();
  const other = unePersonne({ nom: "Arrivée" });
  server.put(other);
  await phone.courier.send("main");
  assert.equal((await cold(phone).showing()).dossiers.length, 2);
  server.removals.push(other.id);
  server.put({ ...person, nom: "Renommée" });
  await phone.courier.send("main");
  const again = cold(phone);
  assert.deepEqual((await again.showing()).dossiers.map(({ personne }) => personne.nom), ["Renommée"]);
  assert.equal(again.etat.loaded, false);
});

test("an exchange that brings nothing leaves the glance as it was", async () => {
  const { phone } = await unTelephoneAuRepos();
  const before = await glanceOf(phone);
  await phone.courier.send("main");
  assert.deepEqual(await glanceOf(phone), before);
});

test("a glance that may lie does not serve, and is made again", async (t) => {
  const cases = {
    "of another version": ({ rules }) => ({ version: "suivante", ...rules }),
    "of another cursor": async ({ phone, rules }) => {
      await onDisk(phone, (db) => db.put("meta", "999", "curseur"));
      return rules;
    },
    "under a cursor that is not its own": async ({ phone, rules }) => {
      await onDisk(phone, async (db) => {
        const row = await db.get("reference", "apercu");
        await db.put("meta", "999", "curseur");
        await db.put("reference", { ...row, curseur: "999" });
      });
      return rules;
    },
    damaged: async ({ phone, rules }) => {
      await onDisk(phone, async (db) => {
        const row = await db.get("reference", "apercu");
        row.donnees[20] ^= 1;
        await db.put("reference", row);
      });
      return rules;
    },
    absent: async ({ phone, rules }) => {
      await onDisk(phone, (db) => db.delete("reference", "apercu"));
      return rules;
    },
    "of a day yet to come": ({ phone, rules }) => {
      phone.clock.ms -= 2 * JOUR;
      return rules;
    },
  };
  for (const [name, spoil] of Object.entries(cases)) {
    await t.test(name, async () => {
      const kit = await unTelephoneAuRepos();
      const again = cold(kit.phone, await spoil(kit));
      assert.equal((await again.showing()).dossiers.length, 1);
      assert.equal(again.etat.loaded, true);
    });
  }
});

test("made again after a new version, the glance serves the next start", async () => {
  const { phone, rules } = await unTelephoneAuRepos();
  const updated = { ...rules, version: "suivante" };
  const first = cold(phone, updated);
  await first.showing();
  await first.outbox.inTurn(() => {});
  const second = cold(phone, updated);
  await second.showing();
  assert.equal(second.etat.loaded, false);
});

test("nothing of the glance stays in memory once locked", async () => {
  const { phone } = await unTelephoneAuRepos();
  const again = cold(phone);
  await again.showing();
  await again.session.lock();
  assert.equal((await again.showing()).gabarit, "partages/pages/verrou.html");
  assert.equal(again.glance.etat, null);
});

test("a vault destroyed takes its glance along", async () => {
  const { phone } = await unTelephoneAuRepos();
  const again = phone.kill();
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await again.unlock.unlock({ phrase: "pas la bonne" });
    again.clock.ms += JOUR;
  }
  assert.equal(await glanceOf(phone), undefined);
});
