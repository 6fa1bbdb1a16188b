// « N'est-ce pas quelqu'un que l'on connaît déjà ? » : miroir de app/domain/ressemblance.py.
import { valeur } from "./personne.js";
import { cle } from "./recherche.js";

/** Un âge donné de mémoire se trompe d'autant. */
const ANNEES_ESTIMEES = 3;
const SUITES = {
  meme: ", même date de naissance",
  proche: ", date de naissance proche",
  annee: ", même année de naissance",
  autre: ", autre date de naissance",
};

export function ressemblances(candidate, personnes, aujourdHui) {
  const traits = decrire(candidate, aujourdHui);
  const trouvees = [];
  for (const personne of personnes) {
    if (personne.id === candidate.id) continue;
    const raison = comparer(traits, decrire(personne, aujourdHui));
    if (raison) trouvees.push({ rang: raison[0], id: personne.id, raison: raison[1] });
  }
  return trouvees.sort((a, b) => a.rang - b.rang).map(({ id, raison }) => ({ id, raison }));
}

const colle = (texte) => cle(texte).replaceAll(" ", "");

function decrire(personne, aujourdHui) {
  const nom = colle(personne.nom);
  const prenom = colle(personne.prenom);
  const desNoms = [personne.nom, personne.nom_usage];
  const noms = desNoms.map(colle).filter((autre) => autre && prenom).flatMap((autre) => [autre + prenom, prenom + autre]);
  const pseudonymes = (personne.pseudonymes ?? []).map(colle).filter(Boolean);
  const seul = Boolean(nom) === Boolean(prenom) ? [] : [nom || prenom];
  return {
    nom,
    prenom,
    noms,
    mots: noms.length ? [...new Set([...desNoms, personne.prenom].flatMap((texte) => cle(texte).split(" ").filter(Boolean)))] : [],
    naissance: personne.date_naissance || "",
    precision: personne.naissance_precision || "jour",
    numeros: (Array.isArray(personne.telephones) ? personne.telephones : valeur(personne, "telephones", aujourdHui) ?? []).map(
      (telephone) => telephone.numero,
    ),
    pseudonymes,
    designations: [...pseudonymes, ...noms, ...seul],
  };
}

const enCommun = (siens, connus) => siens.some((sien) => connus.includes(sien));

function comparer(sien, connu) {
  const naissance = naissances(sien, connu);
  const suite = SUITES[naissance] ?? "";
  if (enCommun(sien.noms, connu.noms)) {
    if (naissance === "meme") return [0, "Même nom, même prénom, même date de naissance"];
    return [naissance === "autre" ? 3 : 1, `Même nom et même prénom${suite}`];
  }
  if (enCommun(sien.numeros, connu.numeros)) return [2, "Même numéro de téléphone"];
  if (naissance !== "autre") {
    if (sien.noms.some((nom) => connu.noms.some((autre) => distanceCourte(nom, autre)))) return [4, `Nom presque identique${suite}`];
    if (composes(sien.mots, connu.mots)) return [4, `Une partie du même nom${suite}`];
  }
  if (naissance === "meme" && sien.prenom && sien.prenom === connu.prenom) return [5, "Même prénom, même date de naissance"];
  if (naissance === "meme" && sien.nom && sien.nom === connu.nom) return [5, "Même nom, même date de naissance"];
  if (enCommun(sien.pseudonymes, connu.pseudonymes)) return [6, "Même pseudonyme"];
  const surnom = enCommun(sien.pseudonymes, connu.designations) || enCommun(sien.designations, connu.pseudonymes);
  return surnom ? [6, "Un surnom qui est aussi son nom"] : null;
}

/** « Awa Diallo » et « Awa Diallo-Fictive » : l'un dit tout ce que dit l'autre, et davantage. */
function composes(siens, connus) {
  const [courts, longs] = siens.length < connus.length ? [siens, connus] : [connus, siens];
  return courts.length > 1 && courts.length < longs.length && courts.every((mot) => longs.includes(mot));
}

function naissances(sien, connu) {
  const [premiere, seconde] = [sien.naissance, connu.naissance];
  if (!premiere || !seconde) return null;
  const precisions = [sien.precision, connu.precision];
  if (precisions.some((precision) => precision !== "jour")) {
    const ecart = Math.abs(premiere.slice(0, 4) - seconde.slice(0, 4));
    if (ecart === 0) return "annee";
    return precisions.includes("estimee") && ecart <= ANNEES_ESTIMEES ? "proche" : "autre";
  }
  if (premiere === seconde) return "meme";
  return datesProches(premiere, seconde) ? "proche" : "autre";
}

/** La veille ou le lendemain, le jour et le mois échangés, ou un seul chiffre de différence. */
function datesProches(premiere, seconde) {
  const [annee, mois, jour] = premiere.split("-");
  const chiffres = [...premiere].filter((chiffre, rang) => chiffre !== seconde[rang]).length;
  const jours = Math.abs(Date.parse(premiere) - Date.parse(seconde)) / 86_400_000;
  return jours === 1 || `${annee}-${jour}-${mois}` === seconde || chiffres === 1;
}

export function distanceCourte(premier, second) {
  const plusCourt = Math.min(premier.length, second.length);
  if (premier === second || Math.abs(premier.length - second.length) > 1 || plusCourt < 6) return false;
  let debut = 0;
  while (debut < plusCourt && premier[debut] === second[debut]) debut += 1;
  if (premier.length === second.length) {
    const echange = premier[debut] === second[debut + 1] && premier[debut + 1] === second[debut];
    return premier.slice(debut + 1) === second.slice(debut + 1) || (echange && premier.slice(debut + 2) === second.slice(debut + 2));
  }
  const [court, long] = premier.length < second.length ? [premier, second] : [second, premier];
  return court.slice(debut) === long.slice(debut + 1);
}
