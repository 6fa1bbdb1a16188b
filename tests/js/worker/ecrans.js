/* De quoi conduire les écrans d'un téléphone : ouvrir une page, remplir son formulaire comme un doigt. */
import assert from "node:assert/strict";

import { rendre } from "#jalon/gabarits";

import { heureParis, jourParis } from "../../../static/js/domain/dates.js";
import { identifiant } from "../../../static/js/domain/identifiant.js";
import { projeter } from "../../../static/js/domain/projection/index.js";
import * as saisie from "../../../static/js/domain/saisie/index.js";
import * as vues from "../../../static/js/viewmodels/index.js";
import { unServeur, unTelephone } from "./harnais.js";

export const ORIGIN = "https://jalon.example";

const rules = {
  rendre,
  projeter,
  saisie,
  vues,
  dates: { jourParis, heureParis },
  assets: { page: "/static/page.js", style: "/static/style.css", police: "/static/p.woff2" },
  newId: () => identifiant(),
};

/** Un téléphone prêt, qui tient ces fiches. */
export async function unCarnetDe(records, { role = "maraude", annuaire = null, ...options } = {}) {
  const server = unServeur();
  Object.assign(server, { role, annuaire });
  for (const record of records) server.put(record);
  const phone = unTelephone({ server, rules, ...options });
  await phone.prepare();
  const respond = (path, init = {}) => {
    const request = new Request(ORIGIN + path, init);
    if (!init.method) Object.defineProperty(request, "mode", { value: "navigate" });
    return phone.respond(request);
  };
  return {
    phone,
    server,
    respond,
    get: async (path) => (await respond(path)).text(),
    post: (path, fields) => respond(path, { method: "POST", body: new URLSearchParams(fields) }),
    /** Le formulaire de cette page, rempli de ses champs cachés et de ceux-ci. */
    async fill(path, fields) {
      const html = await (await respond(path)).text();
      const form = html.slice(html.indexOf('id="formulaire"'));
      const hidden = [...form.slice(0, form.indexOf("</form>")).matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)];
      return this.post(path, { ...Object.fromEntries(hidden.map(([, name, value]) => [name, value])), ...fields });
    },
  };
}

export const placeOf = (response) => {
  assert.equal(response.status, 303);
  return response.headers.get("Location").replace(ORIGIN, "");
};

export const noted = ({ phone }) => phone.etat.operations().map(({ op }) => op);
