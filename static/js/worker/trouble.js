/* Une panne d'ici se dit sur un écran, en français, avec quoi faire ; en texte seulement si cet écran-là ne se fait pas non plus. */
import { localPath } from "./responses.js";

const PAGE = "partages/pages/panne.html";
const TITLES = {
  illisible: "Carnet abîmé",
  magasin: "Carnet qui ne s’ouvre plus",
  version: "Jalon vient d’être mis à jour",
  page: "Page impossible",
};

/** Le carnet est ouvert, et aucune de ses lignes ne se lit. */
export const UNREADABLE = "CarnetIllisible";

/** @returns {"illisible" | "magasin" | "version" | "page"} ce qui ne va pas : les lignes, le magasin du navigateur, sa version, ou l'écran */
export function kindOf(error) {
  if (error.name === UNREADABLE) return "illisible";
  if (error.name === "VersionError") return "version";
  return error instanceof DOMException && error.name !== "QuotaExceededError" ? "magasin" : "page";
}

export function createTrouble({ frame, courier, responses }) {
  /** Ce qui attend ne se compte que si le magasin, lui, s'ouvre. */
  const waiting = async (kind) => (kind === "illisible" ? courier.state() : { connu: false, attente: 0, deposees: 0, refusees: 0 });

  async function screen(request, kind) {
    const url = new URL(request.url);
    const envoi = await waiting(kind);
    const context = {
      panne: kind,
      attente: envoi.attente - envoi.deposees,
      refusees: envoi.refusees,
      // Un envoi ne se recommence pas d'un lien.
      adresse: request.method === "GET" ? localPath(url.pathname + url.search) : "/",
    };
    return responses.html(PAGE, { ...frame({ titre: TITLES[kind], envoi }), ...context }, { statut: 500 });
  }

  return async function trouble(request, error) {
    try {
      return await screen(request, kindOf(error));
    } catch {
      return responses.broken(error);
    }
  };
}
