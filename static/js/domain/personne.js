// Une personne à une date : miroir de app/domain/personne.py.

export function valeurAu(historique, jour) {
  let enVigueur = null;
  for (const [effet, valeur] of historique ?? []) {
    if (effet > jour) break;
    enVigueur = valeur;
  }
  return enVigueur;
}

export function depuis(historique, jour) {
  let dateEffet = null;
  for (const [effet] of historique ?? []) {
    if (effet > jour) break;
    dateEffet = effet;
  }
  return dateEffet;
}

export function valeur(personne, champ, jour) {
  const historique = personne.historique ?? {};
  return Object.hasOwn(historique, champ) ? valeurAu(historique[champ], jour) : personne[champ] ?? null;
}

export function age(dateNaissance, aujourdHui) {
  if (!dateNaissance || dateNaissance > aujourdHui) return null;
  const avantAnniversaire = aujourdHui.slice(5) < dateNaissance.slice(5);
  return +aujourdHui.slice(0, 4) - +dateNaissance.slice(0, 4) - (avantAnniversaire ? 1 : 0);
}

export function ageTexte(personne, aujourdHui) {
  const ans = age(personne.date_naissance, aujourdHui);
  if (ans === null) return "";
  const texte = ans < 2 ? `${ans} an` : `${ans} ans`;
  return [null, undefined, "jour"].includes(personne.naissance_precision) ? texte : `${texte} environ`;
}

export function nomAffiche(personne) {
  const nom = (personne.nom_usage || personne.nom || "").trim();
  const complet = `${(personne.prenom || "").trim()} ${nom}`.trim();
  if (complet) return complet;
  const pseudonymes = personne.pseudonymes ?? [];
  return pseudonymes.length ? `«\u202f${pseudonymes[0]}\u202f»` : "Personne sans nom";
}

export function textesDeRecherche(personne, aujourdHui) {
  const nom = personne.nom || "";
  const prenom = personne.prenom || "";
  const textes = [`${nom} ${prenom}`, `${prenom} ${nom}`];
  if (personne.nom_usage) textes.push(`${personne.nom_usage} ${prenom}`, `${prenom} ${personne.nom_usage}`);
  textes.push(...(personne.pseudonymes ?? []));
  textes.push(...(valeur(personne, "telephones", aujourdHui) ?? []).map((telephone) => telephone.numero));
  if (personne.reference) textes.push(personne.reference);
  return textes;
}

export function cleDeTri(personne) {
  const nom = personne.nom_usage || personne.nom || "";
  const [pseudonyme = ""] = personne.pseudonymes ?? [];
  return `${nom || pseudonyme} ${personne.prenom || ""}`.trim();
}
