/* Remettre des plis scellés au serveur : par le secret de l'appareil, ou, à défaut, par la session de la personne. */
import { toBase64url } from "./octets.js";

const MEDIA = "application/vnd.jalon.scelles+json";

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
