// Les listes de choix : miroir de app/domain/nomenclatures.py, sur les mêmes données.
import { NOMENCLATURES } from "#jalon/nomenclatures";

export const donnees = () => NOMENCLATURES;

// Un code venu d'ailleurs peut s'appeler « constructor » : seules les clés propres comptent.
const propre = (objet, cle) => (Object.hasOwn(objet, cle) ? objet[cle] : undefined);

export const codes = (liste) => Object.keys(NOMENCLATURES.listes[liste]);

export const estCode = (liste, code) =>
  typeof code === "string" && Object.hasOwn(NOMENCLATURES.listes[liste], code);

export function libelle(liste, code, sexe = null, jour = null) {
  if (code === null || code === undefined) return "";
  return enMots(propre(NOMENCLATURES.listes[liste], code) ?? code, sexe, jour);
}

export function libelleNature(famille, nature, jour = null) {
  return enMots(propre(propre(NOMENCLATURES.natures, famille) ?? {}, nature) ?? nature, null, jour);
}

export const natures = (famille) => Object.keys(propre(NOMENCLATURES.natures, famille) ?? {});

export const choixNatures = (famille, retenues) =>
  natures(famille).map((code) => ({ code, libelle: libelleNature(famille, code), choisi: retenues.includes(code) }));

export function familleDeNature(nature) {
  const trouvee = Object.entries(NOMENCLATURES.natures).find(([, liste]) => Object.hasOwn(liste, nature));
  return trouvee ? trouvee[0] : null;
}

export function choix(liste, valeur = null, sexe = null, parmi = null) {
  const retenus = Array.isArray(valeur) ? valeur : [valeur];
  return (parmi ?? codes(liste)).map((code) => ({
    code,
    libelle: libelle(liste, code, sexe),
    choisi: retenus.includes(code),
  }));
}

export const motifsParGroupe = () => NOMENCLATURES.motifs_par_groupe;

function enMots(entree, sexe, jour) {
  if (typeof entree === "string") return entree;
  if (Array.isArray(entree)) {
    let enVigueur = entree[0];
    for (const version of entree) {
      if (jour === null || (version.depuis ?? "") <= jour) enVigueur = version;
    }
    return enVigueur.libelle;
  }
  if (sexe === "femme") return entree.f ?? entree.libelle;
  if (sexe === "homme") return entree.m ?? entree.libelle;
  return entree.libelle;
}
