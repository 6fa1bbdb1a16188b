// Identifiants UUIDv7 : créés sur le téléphone, triés par heure de création.

const FORME = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const estIdentifiant = (texte) => typeof texte === "string" && FORME.test(texte);

// L'heure et le hasard peuvent être donnés, pour les essais.
export function identifiant(ms = Date.now(), octets = crypto.getRandomValues(new Uint8Array(16))) {
  const uuid = Uint8Array.from(octets);
  let reste = ms;
  for (let rang = 5; rang >= 0; rang -= 1) {
    uuid[rang] = reste % 256;
    reste = Math.floor(reste / 256);
  }
  uuid[6] = (uuid[6] & 0x0f) | 0x70;
  uuid[8] = (uuid[8] & 0x3f) | 0x80;
  return avecTirets([...uuid].map((octet) => octet.toString(16).padStart(2, "0")).join(""));
}

// Un identifiant fait de plusieurs : deux téléphones qui ne se parlent pas trouvent le même.
export function deriver(...identifiants) {
  const nombre = identifiants.reduce((somme, un) => somme ^ BigInt(`0x${un.replaceAll("-", "")}`), 0n);
  return avecTirets(nombre.toString(16).padStart(32, "0"));
}

const avecTirets = (texte) => `${texte.slice(0, 8)}-${texte.slice(8, 12)}-${texte.slice(12, 16)}-${texte.slice(16, 20)}-${texte.slice(20)}`;
