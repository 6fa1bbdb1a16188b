// « N'est-ce pas quelqu'un que l'on connaît déjà ? » : miroir de app/domain/ressemblance.py.
import { valeur } from "./personne.js";
import { cle } from "./recherche.js";

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

function decrire(personne, aujourdHui) {
  const prenom = cle(personne.prenom).replaceAll(" ", "");
  const noms = new Set();
  for (const champ of ["nom", "nom_usage"]) {
    const nom = cle(personne[champ]).replaceAll(" ", "");
    if (nom && prenom) noms.add(nom + prenom).add(prenom + nom);
  }
  return {
    prenom,
    noms: [...noms],
    naissance: personne.date_naissance || null,
    numeros: (Array.isArray(personne.telephones) ? personne.telephones : valeur(personne, "telephones", aujourdHui) ?? []).map(
      (telephone) => telephone.numero,
    ),
    pseudonymes: (personne.pseudonymes ?? []).map(cle),
  };
}

const enCommun = (siens, connus) => siens.some((sien) => connus.includes(sien));

function comparer(sien, connu) {
  const memeNaissance = sien.naissance !== null && sien.naissance === connu.naissance;
  const autreNaissance = sien.naissance !== null && connu.naissance !== null && !memeNaissance;
  if (enCommun(sien.noms, connu.noms)) {
    if (memeNaissance) return [0, "Même nom, même prénom, même date de naissance"];
    return autreNaissance ? [3, "Même nom et même prénom, autre date de naissance"] : [1, "Même nom et même prénom"];
  }
  if (enCommun(sien.numeros, connu.numeros)) return [2, "Même numéro de téléphone"];
  const proches = sien.noms.some((nom) => connu.noms.some((autre) => distanceCourte(nom, autre)));
  if (proches && !autreNaissance) return [4, `Nom presque identique${memeNaissance ? ", même date de naissance" : ""}`];
  if (memeNaissance && sien.prenom && sien.prenom === connu.prenom) return [5, "Même prénom, même date de naissance"];
  return enCommun(sien.pseudonymes, connu.pseudonymes) ? [6, "Même pseudonyme"] : null;
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
