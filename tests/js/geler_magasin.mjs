/* Fige le magasin d'aujourd'hui dans tests/corpus/magasin_v<version>.json : à faire une fois, quand une version du magasin est livrée.
 *
 *   node tests/js/geler_magasin.mjs
 *
 * Un fichier figé ne se récrit pas : une version suivante doit l'ouvrir sans rien perdre (tests/js/worker/frozen_store.test.js).
 */
import { access, writeFile } from "node:fs/promises";

import { VERSION } from "../../static/js/worker/schema.js";
import { PHRASE, uneCleDeScellement, unEntretien, unePersonne, unServeur, unTelephone } from "./worker/harnais.js";

const OUT = new URL(`../corpus/magasin_v${VERSION}.json`, import.meta.url);
if (await access(OUT).then(() => true, () => false)) throw new Error(`${OUT.pathname} est déjà figé.`);

const server = unServeur({ sealingKey: await uneCleDeScellement() });
const [person, other] = [unePersonne({ nom: "Exemple-Figée" }), unePersonne({ nom: "Modèle-Figé", prenom: "Ilyès" })];
for (const each of [person, other]) server.put(each);
const phone = unTelephone({ server });
await phone.prepare();

const [landed, refused, held, deposited, older, waiting] = ["arrivée", "refusée", "retenue", "déposée", "d’avant", "en attente"].map((sort) =>
  unEntretien(person.id, { synthese: `Fiche ${sort}.` }),
);
server.refused.set(refused.id, { date: ["La date est à venir."] });
server.held.add(held.id);
await phone.note(landed, refused, held);
await phone.courier.send("main");
await phone.note(deposited);
await phone.session.lock();
await phone.courier.send("main");
await phone.unlock.unlock({ phrase: PHRASE });
await phone.note(older, waiting);
const { cle } = await phone.session.current();
await phone.drafts.save(cle, phone.etat.structure, `entretien:${person.id}`, { synthese: "Brouillon figé." });
// Une ligne qui ne nomme pas encore sa fiche, comme on en a écrit, et le pli qu'un carnet d'avant a laissé.
const { fiche: _fiche, ...unnamed } = await phone.store.get("operations", older.id);
const { donnees: _donnees, resultat: _resultat, ...sealed } = await phone.store.get("operations", waiting.id);
const left = { ...sealed, id: "0190c0de-0000-7000-8000-00000000f16e", compteur: 0 };
await phone.store.write(["operations"], (objects) => {
  objects("operations").put(unnamed);
  objects("operations").put(left);
});

const clair = {
  phrase: PHRASE,
  dossiers: Object.fromEntries(phone.etat.copies()),
  operations: phone.etat.operations().map(({ op, etat, erreurs }) => ({ op, etat, erreurs })),
  brouillon: { cle: `entretien:${person.id}`, champs: { synthese: "Brouillon figé." } },
  gardees: [landed.id],
  sans_cle: [left.id],
};
await phone.store.close();

const magasins = {};
const db = await new Promise((resolve, reject) => {
  const opening = indexedDB.open("jalon");
  opening.onsuccess = () => resolve(opening.result);
  opening.onerror = () => reject(opening.error);
});
const all = (request) =>
  new Promise((resolve) => {
    request.onsuccess = () => resolve(request.result);
  });
for (const name of db.objectStoreNames) {
  const store = db.transaction(name).objectStore(name);
  const [keys, values] = await Promise.all([all(store.getAllKeys()), all(store.getAll())]);
  magasins[name] = {
    keyPath: store.keyPath,
    lignes: values.map((valeur, index) => (store.keyPath ? { valeur } : { cle: keys[index], valeur })),
  };
}
db.close();

const inBytes = (_key, value) => (value instanceof Uint8Array ? { octets: Buffer.from(value).toString("base64") } : value);
const frozen = {
  commentaire: "Magasin du téléphone tel que cette version l'écrit, et ce qu'il contient en clair. Figé : une version suivante doit l'ouvrir sans rien perdre.",
  version: VERSION,
  clair,
  magasins,
};
await writeFile(OUT, `${JSON.stringify(frozen, inBytes, 1)}\n`);
