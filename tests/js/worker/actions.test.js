/* Les actions collectives d'une personne, dans son dossier : ce que ce téléphone en tient, et rien d'autre. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { identifiantTire } from "../../../static/js/domain/feuilles.js";
import { placeOf, unCarnetDe } from "./ecrans.js";
import { unePersonne, unId, UTILISATRICE } from "./harnais.js";

const ACTION = { type: "cahier", id: unId(), genre: "action", nom: "Jardin partagé", ferme_le: null, membres: [UTILISATRICE], valeurs: {} };

const uneFeuille = (forme, valeurs, id = unId()) => ({
  type: "feuille", id, cahier_id: ACTION.id, forme, auteur: UTILISATRICE, auteur_nom: "Une Essai", note_le: "2026-11-20T09:00:00Z",
  retiree_le: null, retrait_motif: null, tardive: null, valeurs, revisions: [],
});

const section = (html) => (/<section aria-labelledby="titre-actions">.*?<\/section>/s.exec(html) ?? [""])[0];

test("the file tells what this notebook holds of an action, and what was noted off line", async () => {
  const personne = unePersonne();
  const dossier = personne.id;
  const inscrite = { qui: "Awa", dossier_id: dossier, le: "2026-11-10" };
  const seance = uneFeuille("seance", { le: "2026-11-24", debut: "09:00" });
  const inscription = uneFeuille("inscription", inscrite, identifiantTire("inscription", ACTION.id, inscrite));
  const carnet = await unCarnetDe([personne, ACTION, seance, inscription], { role: "conseiller" });
  const before = section(await carnet.get(`/dossiers/${dossier}`));
  for (const said of ["Jardin partagé", `/actions/${ACTION.id}`, "nscrite le 10 novembre", "aucune séance encore"]) assert.ok(before.includes(said), said);

  const sheet = await carnet.get(`/seances/${seance.id}`);
  const hidden = Object.fromEntries([...sheet.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  assert.equal(placeOf(await carnet.post(`/seances/${seance.id}`, { ...hidden, [`etat-${inscription.id}`]: "present" })), `/seances/${seance.id}`);
  const after = section(await carnet.get(`/dossiers/${dossier}`));
  for (const said of ["venue à 1 séance sur 1", "la dernière fois le 24 novembre", "à envoyer"]) assert.ok(after.includes(said), said);
});

test("of an action held by others, this phone says nothing", async () => {
  const personne = unePersonne();
  const carnet = await unCarnetDe([personne], { role: "conseiller" });
  const html = await carnet.get(`/dossiers/${personne.id}`);
  assert.match(html, /Depuis le début/);
  assert.equal(section(html), "");
});
