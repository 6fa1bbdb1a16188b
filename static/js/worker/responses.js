/* Les réponses que le travailleur fabrique portent les mêmes en-têtes que celles du serveur : sans eux, un script glissé dans une
 * page s'exécuterait. Un nonce neuf par réponse. */
import { randomBytes, toBase64url } from "./octets.js";

const BROKEN = "Cette page n’a pas pu s’afficher. Ce que vous avez noté est gardé\u202f: revenez en arrière, puis recommencez.";
/** Une version plus récente tient déjà le magasin : celle-ci ne peut plus le lire. */
const UPDATED = "Jalon vient d’être mis à jour sur ce téléphone\u202f: rechargez cette page. Ce que vous avez noté est gardé.";

const RENDERED_BY = "X-Jalon-Origine";

export function createResponses({ rendre, headers, origin }) {
  function secured(nonce) {
    const values = Object.entries(headers).map(([name, value]) => [name, value.replaceAll("{nonce}", nonce)]);
    return { ...Object.fromEntries(values), "Cache-Control": "no-store", [RENDERED_BY]: "appareil" };
  }

  const newNonce = () => toBase64url(randomBytes(18));

  /**
   * @param {string} template
   * @param {object} context  le contexte de la page et du cadre, sans le nonce
   */
  function html(template, context, { statut = 200, extra = {} } = {}) {
    const nonce = newNonce();
    const body = rendre(template, { ...context, nonce });
    return new Response(body, {
      status: statut,
      headers: {
        ...secured(nonce),
        "Content-Type": "text/html; charset=utf-8",
        // Une saisie à reprendre n'est pas une adresse où revenir : « Retour » doit mener au formulaire, pas à son envoi.
        ...(statut >= 400 ? { "HX-Push-Url": "false" } : {}),
        ...extra,
      },
    });
  }

  const seeOther = (path) =>
    new Response(null, { status: 303, headers: { ...secured(newNonce()), Location: new URL(path, origin).href } });

  /** La saisie reste où elle est : la page ouvre sa boîte de déverrouillage puis renvoie la même demande. */
  const lockedOut = () =>
    new Response("Le carnet est fermé.", {
      status: 401,
      headers: {
        ...secured(newNonce()),
        "Content-Type": "text/plain; charset=utf-8",
        "X-Jalon-Erreur": "verrou",
        "HX-Push-Url": "false",
      },
    });

  /** Une panne d'ici : la page ne peut pas se faire, ce qui est noté reste. En texte, puisque rendre est peut-être ce qui a échoué. */
  const broken = ({ name }) =>
    new Response(name === "VersionError" ? UPDATED : BROKEN, {
      status: 500,
      headers: { ...secured(newNonce()), "Content-Type": "text/plain; charset=utf-8", "HX-Push-Url": "false" },
    });

  return { html, seeOther, lockedOut, broken };
}

/** Chemin local seulement : ni autre site, ni adresse relative au protocole. */
export function localPath(path, fallback = "/") {
  if (!path || !path.startsWith("/") || path.startsWith("//") || path.startsWith("/\\") || path.length > 200) return fallback;
  return [...path].some((character) => character.charCodeAt(0) < 33 || character === "\\") ? fallback : path;
}
