// Retrouver quelqu'un par son nom : miroir de app/domain/recherche.py.

const LIGATURES = { œ: "oe", æ: "ae", ß: "ss", ø: "o", ł: "l", đ: "d", ı: "i" };

export function cle(texte) {
  return (texte ?? "")
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[œæßøłđı]/g, (lettre) => LIGATURES[lettre])
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

const enMots = (texte) => (texte ? texte.split(" ") : []);

// Les mots d'une fiche, préparés une fois pour être cherchés à chaque lettre tapée.
export function indexer(textes) {
  const mots = textes.flatMap((texte) => enMots(cle(texte)));
  const debuts = [];
  let position = 0;
  for (const mot of mots) {
    debuts.push(position);
    position += mot.length;
  }
  return { suite: mots.join(""), debuts };
}

export const motsDe = (requete) => enMots(cle(requete));

export const correspond = (requete, textes) => repond(motsDe(requete), indexer(textes));

const commence = (groupe, index) => index.debuts.some((debut) => index.suite.startsWith(groupe, debut));

export function repond(mots, index) {
  // Les places d'où la fin de la recherche répond ; de la fin vers le début, donc sans redites.
  const groupables = new Set([mots.length]);
  for (let debut = mots.length - 1; debut >= 0; debut--) {
    for (let fin = debut + 1; fin <= mots.length && !groupables.has(debut); fin++) {
      if (groupables.has(fin) && commence(mots.slice(debut, fin).join(""), index)) groupables.add(debut);
    }
  }
  return groupables.has(0);
}

export function rang(requete, textes) {
  const mots = motsDe(requete);
  const cles = textes.map(cle);
  const collee = mots.join("");
  if (cles.some((texte) => texte.replaceAll(" ", "").startsWith(collee))) return 0;
  const entiers = new Set(cles.flatMap(enMots));
  return mots.some((mot) => entiers.has(mot)) ? 1 : 2;
}

export function classer(requete, textesParFiche) {
  const mots = motsDe(requete);
  const trouvees = textesParFiche.map((_, numero) => numero).filter((numero) => repond(mots, indexer(textesParFiche[numero])));
  if (mots.length === 0) return trouvees;
  const rangs = new Map(trouvees.map((numero) => [numero, rang(requete, textesParFiche[numero])]));
  return trouvees.sort((a, b) => rangs.get(a) - rangs.get(b));
}
