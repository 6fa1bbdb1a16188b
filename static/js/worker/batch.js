/* Des lots bornés par leur poids, dans l'ordre de saisie : un lot trop gros ne passe ni sur un réseau faible ni chez le serveur. */
import { utf8 } from "./octets.js";

const MAX_BYTES = 512 * 1024;
export const MAX_OPERATIONS = 500;

/** Le premier lot d'une liste d'opérations ordonnée ; au moins une, même seule trop lourde. */
export function firstBatch(operations, { bytes = MAX_BYTES, count = MAX_OPERATIONS } = {}) {
  const batch = [];
  let weight = 0;
  for (const operation of operations) {
    weight += utf8(JSON.stringify(operation)).length + 1;
    if (batch.length && (weight > bytes || batch.length >= count)) break;
    batch.push(operation);
  }
  return batch;
}
