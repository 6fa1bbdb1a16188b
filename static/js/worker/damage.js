/* Une ligne du magasin qui ne se lit plus n'en emporte aucune autre.
 *
 * Un dossier, la référence et le nom du téléphone reviennent du serveur. D'un envoi il reste le pli, qui part tel qu'il a été noté ; sans
 * pli, il est perdu et reste compté parmi ce qui est à corriger. Dans tous les cas la personne l'apprend : ce qu'il y a à dire est écrit
 * avec la réparation, et n'est effacé qu'une fois à l'écran.
 *
 * Rien n'est touché si aucune ligne ne se lit : c'est alors la clé qui n'est pas la bonne, pas le magasin qui est abîmé.
 */
import { isSealed } from "./lodging.js";
import { STORES } from "./schema.js";
import { UNREADABLE } from "./trouble.js";
import { keepSealed } from "./unlock.js";

const TO_TELL = "a_dire";
const SAY = "Ce carnet ne se lit plus sur ce téléphone\u202f: rechargez la page, elle dit quoi faire.";
const BROKEN = [STORES.dossiers, STORES.operations, STORES.brouillons, STORES.reference];

/** @returns {{read: Function, broken: Record<string, object[]>, readSome: () => boolean}} */
export function createReading() {
  const broken = Object.fromEntries(BROKEN.map((name) => [name, []]));
  const seen = { read: 0, failure: null };

  /** Ce que `work` lit de cette ligne, ou null si elle est abîmée. */
  async function read(name, row, work) {
    try {
      const found = await work(row);
      seen.read += 1;
      return found;
    } catch (error) {
      seen.failure ??= error;
      broken[name].push(row);
      return null;
    }
  }

  /** Les lignes abîmées, par magasin. Lève si rien ne s'est lu, avec la première faute. */
  function result() {
    if (seen.failure && !seen.read) throw Object.assign(new Error(SAY, { cause: seen.failure }), { name: UNREADABLE });
    return broken;
  }

  return { read, result };
}

const FATES = new Set(["attente", "retenue", "refusee"]);

/** Se lit, ou peut encore partir, ou n'attend plus rien. */
export const isSound = (row) => FATES.has(row.etat) && (row.donnees || (isSealed(row) && !row.deposee) || row.etat === "refusee");

/** Ce qui reste d'un envoi que la clé ne lit plus : son pli, s'il est entier ; déposé, il n'a plus rien à attendre. */
function whatIsLeft({ donnees: _donnees, resultat: _resultat, ...row }) {
  if (isSealed(row) || row.deposee) return FATES.has(row.etat) ? row : { ...row, etat: "attente" };
  return { ...row, scelle: null, etat: "refusee", perdue: true };
}

const sameValue = (one, other) =>
  one instanceof Uint8Array && other instanceof Uint8Array
    ? one.length === other.length && one.every((byte, index) => byte === other[index])
    : JSON.stringify(one) === JSON.stringify(other);

const count = (number, one, many) => (number > 1 ? `${number} ${many}` : `1 ${one}`);

function tell(broken) {
  const [sealed, lost] = [broken.operations.filter(isSealed).length, broken.operations.filter((row) => !isSealed(row)).length];
  const dossiers = broken.dossiers.length;
  const brouillons = broken.brouillons.length;
  return [
    dossiers && count(dossiers, "dossier ne se lisait plus ici\u202f: il revient du serveur.", "dossiers ne se lisaient plus ici\u202f: ils reviennent du serveur."),
    sealed && count(sealed, "envoi ne se lit plus ici, mais le serveur l’aura tel que vous l’avez noté.", "envois ne se lisent plus ici, mais le serveur les aura tels que vous les avez notés."),
    lost && count(lost, "envoi ne se lit plus et ne peut plus partir\u202f: il est à noter de nouveau.", "envois ne se lisent plus et ne peuvent plus partir\u202f: ils sont à noter de nouveau."),
    brouillons && count(brouillons, "brouillon ne se lisait plus\u202f: il est perdu.", "brouillons ne se lisaient plus\u202f: ils sont perdus."),
    broken.reference.length && "Les réglages reçus du serveur ne se lisaient plus\u202f: ils en reviennent.",
  ]
    .filter(Boolean)
    .join(" ");
}

/** @param {{store, flash}} parts */
export function createRepair({ store, flash }) {
  /** Chaque ligne est relue dans la transaction : ce qui a été récrit depuis se lit, et reste. */
  async function rewrite(broken, text) {
    await store.write(Object.values(STORES), (objects) => {
      for (const name of BROKEN) {
        for (const row of broken[name]) {
          const key = name === STORES.brouillons ? row.cle : row.id;
          const reading = objects(name).get(key);
          reading.onsuccess = () => {
            if (!reading.result || !sameValue(reading.result.donnees, row.donnees)) return;
            if (name === STORES.operations) keepSealed(objects, [whatIsLeft(row)]);
            else objects(name).delete(key);
          };
        }
      }
      // Sans curseur, le prochain échange redonne tout.
      if (broken.dossiers.length) objects(STORES.meta).delete("curseur");
      objects(STORES.meta).put(text, TO_TELL);
    });
  }

  const told = () => store.write([STORES.meta], (objects) => objects(STORES.meta).delete(TO_TELL));

  /** Ce qu'une réparation passée n'a pas encore pu dire. */
  async function remind() {
    const texte = await store.get(STORES.meta, TO_TELL);
    if (texte) flash.put({ texte, ton: null, annuler: null }, { shown: told });
  }

  /** @returns {Promise<boolean>} vrai : il y avait à réparer */
  return async function repair(broken) {
    const found = BROKEN.filter((name) => broken[name].length);
    if (found.length) {
      console.error("lignes illisibles", ...found.map((name) => `${name} ${broken[name].length}`));
      await rewrite(broken, tell(broken));
    }
    await remind();
    return found.length > 0;
  };
}
