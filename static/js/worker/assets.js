/* Les fichiers hachés : mis en cache à l'installation d'une version, servis tels quels, retirés à la suivante.
 *
 * Rien d'autre n'entre dans la Cache API : aucune page, aucune réponse qui parle de quelqu'un.
 */

const PREFIX = "actifs-";
const name = (version) => PREFIX + version;

/** Tout ou rien : une version dont un fichier manque ne s'installe pas. Un fichier déjà là sous le même nom haché est repris, ici
 * comme dans le cache du navigateur : la page de connexion vient de le recevoir, le redemander doublerait l'installation. */
export async function precache({ caches, fetch, version, urls }) {
  const responses = await Promise.all(
    urls.map(async (url) => {
      const response = (await caches.match(url)) ?? (await fetch(new Request(url)));
      if (!response.ok || response.redirected) throw new Error(`fichier absent\u202f: ${url}`);
      return [url, response];
    }),
  );
  const cache = await caches.open(name(version));
  await Promise.all(responses.map(([url, response]) => cache.put(url, response)));
}

export async function dropOldCaches({ caches, version }) {
  const names = await caches.keys();
  await Promise.all(names.filter((each) => each.startsWith(PREFIX) && each !== name(version)).map((each) => caches.delete(each)));
}

export async function fromCache({ caches, fetch, version, request }) {
  const kept = await caches.match(request.url, { cacheName: name(version), ignoreVary: true });
  return kept ?? fetch(request);
}

/**
 * Ce que le navigateur, là où il sait le faire, décide sans réveiller le travailleur : ces fichiers viennent du cache, et une page de
 * `own` du travailleur seul. Sans cette seconde règle, Chromium la demande aussi au serveur pendant que le travailleur s'éveille.
 */
export async function routeAround({ event, version, prefix, own }) {
  if (!event.addRoutes || !self.URLPattern) return;
  const page = (pathname) => ({ requestMode: "navigate", urlPattern: new self.URLPattern({ pathname }) });
  const assets = { requestMethod: "GET", urlPattern: new self.URLPattern({ pathname: `${prefix}*` }) };
  const rules = [
    { condition: assets, source: { cacheName: name(version) } },
    { condition: { or: own.map(page) }, source: "fetch-event" },
  ];
  await event.addRoutes(rules).catch(() => {});
}
