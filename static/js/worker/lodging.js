/* Remettre des plis scellés au serveur : par le secret de l'appareil, ou, à défaut, par la session de la personne. */
import { toBase64url } from "./octets.js";

const MEDIA = "application/vnd.jalon.scelles+json";

/** Un pli entier : une ligne abîmée peut n'en garder qu'un reste, que le serveur n'ouvrirait pas. */
export const isSealed = ({ scelle }) => typeof scelle?.cle === "string" && scelle.donnees instanceof Uint8Array;

/**
 * @param {object} transport
 * @param {string} appareil
 * @param {string|null} secret  null : la session répond de la personne
 * @param {{id: string, scelle: {cle: string, donnees: Uint8Array}}[]} rows
 */
export function lodge(transport, appareil, secret, rows) {
  const enveloppes = rows.map(({ id, scelle }) => ({ id, cle: scelle.cle, donnees: toBase64url(scelle.donnees) }));
  const proof = secret
    ? { credentials: "omit", headers: { Authorization: `Appareil ${appareil}.${secret}` } }
    : { credentials: "same-origin", headers: {} };
  return transport.post("/sync/scelles", { appareil, enveloppes }, { media: MEDIA, ...proof });
}
