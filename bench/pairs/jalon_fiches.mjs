/* Les notes du banc d'essai, dites dans nos opérations — et relues de nos fiches, champ pour champ.
 *
 * Une note du banc = une fiche chez nous, au même contenu : ce qui a un champ va dans le champ ; ce qui n'en a pas va au bout du texte,
 * pour que personne ne soit mesuré sur moins d'octets qu'un autre. `relire` refait la note d'origine : le pilote vérifie l'égalité.
 */
import crypto from "node:crypto";

const FAMILLES = {
  logement: "logement", emploi: "emploi_formation", santé: "sante", addictions: "sante", famille: "lien_social", budget: "administratif",
  "titre de séjour": "administratif", formation: "emploi_formation", mobilité: "mobilite", justice: "administratif",
  isolement: "lien_social", parentalité: "lien_social", alimentation: "administratif", numérique: "administratif",
  violences: "lien_social", scolarité: "lien_social",
}; // prettier-ignore
const MOYENS = {
  "entretien individuel": "presentiel", appel: "telephone", SMS: "sms", "rencontre informelle": "presentiel", visite: "visite",
  "accompagnement physique": "visite", "réunion partenariale": "visio", courriel: "courriel",
}; // prettier-ignore
const SEXES = { F: "femme", H: "homme", NB: "autre", NSP: "autre" };
const SUITE = "\n— ";
const SEPARATEUR = " ; ";

const horloge = new Intl.DateTimeFormat("fr-FR", {
  timeZone: "Europe/Paris", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
}); // prettier-ignore
const morceaux = (ms) => Object.fromEntries(horloge.formatToParts(ms).map(({ type, value }) => [type, value]));
const iso = (ms) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** Un entretien ne se note pas d'avance : les notes du banc datées d'années à venir reculent d'un nombre entier de semaines. */
const SEMAINE = 7 * 86_400_000;
function recul(date) {
  const avance = Date.parse(date) - Date.now();
  return avance <= 0 ? 0 : Math.ceil(avance / SEMAINE) * SEMAINE;
}

function aParis(date) {
  const { year, month, day, hour, minute } = morceaux(Date.parse(date) - recul(date));
  return { date: `${year}-${month}-${day}`, heure: `${hour}:${minute}` };
}

/** L'instant d'une date et d'une heure de Paris (hors l'heure répétée d'octobre). */
function deParis({ date, heure }) {
  const naif = Date.parse(`${date}T${heure}:00Z`);
  for (const decalage of [1, 2]) {
    const ms = naif - decalage * 3_600_000;
    const { year, month, day, hour, minute } = morceaux(ms);
    if (`${year}-${month}-${day}T${hour}:${minute}` === `${date}T${heure}`) return iso(ms);
  }
  throw new Error(`heure introuvable : ${date} ${heure}`);
}

/** Un UUIDv7, comme le téléphone les tire. */
export function identifiant() {
  const octets = crypto.randomBytes(16);
  octets.writeUIntBE(Date.now(), 0, 6);
  octets[6] = (octets[6] & 0x0f) | 0x70;
  octets[8] = (octets[8] & 0x3f) | 0x80;
  const hex = octets.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const suite = (texte, ...restes) => `${texte}${SUITE}${restes.join(SEPARATEUR)}`;
function defaire(texte) {
  const coupe = texte.lastIndexOf(SUITE);
  return [texte.slice(0, coupe), ...texte.slice(coupe + SUITE.length).split(SEPARATEUR)];
}

function champsPersonne(note) {
  return {
    nom: note.nom,
    prenom: note.prenom,
    pseudonymes: note.surnom === null ? [] : [note.surnom],
    date_naissance: note.naissance,
    naissance_precision: "jour",
    date_effet: note.created_at.slice(0, 10),
    sexe: SEXES[note.genre],
    commune: { code: null, nom: note.commune },
    telephones: [{ numero: note.telephone, libelle: null }],
    adresse: note.situation,
    experiences: suite(
      note.remarque, note.genre, note.themes.join(", "), note.orientee_par, note.consentement, note.created_at, note.updated_at, note.v,
    ), // prettier-ignore
  };
}

function champsEntretien(note) {
  if (note.type === "contact") {
    return {
      ...aParis(note.date),
      duree: note.duree_min,
      moyen: MOYENS[note.mode],
      lieu: `${note.lieu}, ${note.commune}`,
      demarches: note.themes.map((theme) => ({ famille: FAMILLES[theme], nature: theme })),
      synthese: suite(note.notes, note.mode, note.presents, note.suite, note.created_at, note.updated_at, note.v),
    };
  }
  return {
    ...aParis(note.date),
    moyen: "courriel",
    lieu: note.partenaire,
    demarches: [{ famille: FAMILLES[note.theme], nature: note.objet }],
    synthese: suite(
      note.commentaire, note.type, note.theme, note.statut, note.echeance, note.created_at, note.updated_at, note.v,
    ), // prettier-ignore
  };
}

const enveloppe = (note, genre, personne, champs, compteur) => ({
  id: identifiant(),
  genre,
  entite: note.id,
  personne,
  base: null,
  champs,
  compteur,
  heure: iso(Date.parse(note.created_at) - recul(note.created_at)),
  remplace: null,
});

/** L'opération qui crée la fiche de cette note. */
export function noter(note, compteur = 0) {
  return note.type === "personne"
    ? enveloppe(note, "creer_personne", note.id, champsPersonne(note), compteur)
    : enveloppe(note, "noter_entretien", note.personne, champsEntretien(note), compteur);
}

/** L'opération qui porte le changement d'une note : son texte, seul changé. */
export function modifier(note) {
  return enveloppe(note, "modifier_entretien", note.personne, { synthese: champsEntretien(note).synthese }, 0);
}

/** La note d'origine, refaite de la fiche que le serveur a rendue. */
export function relire(fiche, owner) {
  return fiche.type === "personne" ? relirePersonne(fiche, owner) : relireEntretien(fiche, owner);
}

function relirePersonne(fiche, owner) {
  const derniere = (champ) => fiche.historique[champ].at(-1)[1];
  const [remarque, genre, themes, orientee_par, consentement, created_at, updated_at, v] = defaire(derniere("experiences"));
  return {
    id: fiche.id, type: "personne", owner, nom: fiche.nom, prenom: fiche.prenom, surnom: fiche.pseudonymes[0] ?? null,
    naissance: fiche.date_naissance, genre, commune: derniere("commune").nom, telephone: derniere("telephones")[0].numero,
    situation: derniere("adresse"), themes: themes.split(", "), orientee_par, consentement, remarque, created_at, updated_at, v: Number(v),
  }; // prettier-ignore
}

function relireEntretien(fiche, owner) {
  const date = deParis(fiche);
  const commun = { id: fiche.id, owner, personne: fiche.personne_id, date, device: `tel-${owner}` };
  if (fiche.duree === null) {
    const [commentaire, type, theme, statut, echeance, created_at, updated_at, v] = defaire(fiche.synthese);
    const objet = fiche.demarches[0].nature;
    return { ...commun, type, objet, partenaire: fiche.lieu, statut, theme, echeance, commentaire, created_at, updated_at, v: Number(v) };
  }
  const [notes, mode, presents, apres, created_at, updated_at, v] = defaire(fiche.synthese);
  const [lieu, commune] = fiche.lieu.split(/, (?=[^,]*$)/);
  return {
    ...commun, type: "contact", lieu, commune, mode, duree_min: fiche.duree, themes: fiche.demarches.map(({ nature }) => nature),
    presents: Number(presents), notes, suite: apres, created_at, updated_at, v: Number(v),
  }; // prettier-ignore
}
