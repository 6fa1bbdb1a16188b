/* Le serveur ne connaît plus cet appareil (base restaurée) : il s'enrôle de nouveau sous le même identifiant, et garde son secret de
 * dépôt. La session du moment en répond ; sans elle, rien ne change. */
import { STORES } from "./schema.js";

const JSON_TYPE = { "Content-Type": "application/json", Accept: "application/json" };

/** @returns {Promise<boolean>} vrai si l'échange peut recommencer */
export async function enrolAgain({ store, etat, fetch }) {
  try {
    const appareil = await store.get(STORES.meta, "appareil");
    const tokenResponse = await fetch("/session/jeton", { headers: JSON_TYPE, cache: "no-store", redirect: "manual" });
    if (!tokenResponse.ok) return false;
    const { jeton } = await tokenResponse.json();
    const response = await fetch("/appareils", {
      method: "POST",
      cache: "no-store",
      redirect: "manual",
      headers: { ...JSON_TYPE, "X-CSRFToken": jeton },
      body: JSON.stringify({ id: appareil.id, nom: etat.appareil?.nom ?? "Téléphone" }),
    });
    if (!response.ok) return false;
    const { depot } = await response.json();
    const depots = (await store.get(STORES.meta, "depots")) ?? {};
    await store.write([STORES.meta], (objects) => objects(STORES.meta).put({ ...depots, [appareil.id]: depot }, "depots"));
    return true;
  } catch {
    return false;
  }
}
