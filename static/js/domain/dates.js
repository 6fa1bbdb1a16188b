// Jours, heures et instants à Paris : miroir de app/domain/dates.py.
//
// L'heure de Paris est calculée par la règle européenne (été du dernier dimanche de mars au dernier dimanche d'octobre,
// à 1 h en temps universel) : sur des milliers de fiches, c'est cent fois plus rapide que le calendrier du navigateur.
// Un essai compare les deux sur toute la période utile.

const JOUR_MS = 86_400_000;
const ISO = /^(\d{4})-(\d{2})-(\d{2})$/;
const FRANCAIS = /^(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})$/;
const HEURE = /^(\d{1,2})\s*[h:]\s*(\d{2})?(?::\d{2})?$/;

const deuxChiffres = (nombre) => (nombre < 10 ? "0" : "") + nombre;
const enMs = (jour) => Date.UTC(+jour.slice(0, 4), +jour.slice(5, 7) - 1, +jour.slice(8, 10));
const dernierDuMois = (annee, mois) => new Date(Date.UTC(annee, mois, 0)).getUTCDate();

function enJour(ms) {
  const date = new Date(ms);
  const annee = String(date.getUTCFullYear()).padStart(4, "0");
  return `${annee}-${deuxChiffres(date.getUTCMonth() + 1)}-${deuxChiffres(date.getUTCDate())}`;
}

export function lireJour(texte) {
  const propre = (texte ?? "").trim();
  let trouve = ISO.exec(propre);
  let annee, mois, quantieme;
  if (trouve) [annee, mois, quantieme] = trouve.slice(1).map(Number);
  else {
    trouve = FRANCAIS.exec(propre);
    if (!trouve) return null;
    [quantieme, mois, annee] = trouve.slice(1).map(Number);
  }
  const existe =
    annee >= 1900 && annee <= 2100 && mois >= 1 && mois <= 12 && quantieme >= 1 && quantieme <= dernierDuMois(annee, mois);
  return existe ? `${annee}-${deuxChiffres(mois)}-${deuxChiffres(quantieme)}` : null;
}

export function lireHeure(texte) {
  const trouve = HEURE.exec((texte ?? "").trim().toLowerCase());
  if (!trouve) return null;
  const heures = Number(trouve[1]);
  const minutes = Number(trouve[2] ?? 0);
  return heures > 23 || minutes > 59 ? null : `${deuxChiffres(heures)}:${deuxChiffres(minutes)}`;
}

export const joursEntre = (debut, fin) => (enMs(fin) - enMs(debut)) / JOUR_MS;

export const ajouterJours = (jour, nombre) => enJour(enMs(jour) + nombre * JOUR_MS);

export function ajouterMois(jour, nombre) {
  const rang = +jour.slice(0, 4) * 12 + +jour.slice(5, 7) - 1 + nombre;
  const annee = Math.floor(rang / 12);
  const mois = (rang % 12) + 1;
  return `${annee}-${deuxChiffres(mois)}-${deuxChiffres(Math.min(+jour.slice(8, 10), dernierDuMois(annee, mois)))}`;
}

// 0 pour lundi, 6 pour dimanche.
export const jourDeSemaine = (jour) => (new Date(enMs(jour)).getUTCDay() + 6) % 7;

const changements = new Map();

function changementsDe(annee) {
  let bornes = changements.get(annee);
  if (!bornes) {
    const dernierDimanche = (mois) => {
      const fin = new Date(Date.UTC(annee, mois, 0, 1));
      return fin.getTime() - fin.getUTCDay() * JOUR_MS;
    };
    bornes = [dernierDimanche(3), dernierDimanche(10)];
    changements.set(annee, bornes);
  }
  return bornes;
}

function decalageMs(ms) {
  const [ete, hiver] = changementsDe(new Date(ms).getUTCFullYear());
  return ms >= ete && ms < hiver ? 7_200_000 : 3_600_000;
}

function aParis(instant) {
  const ms = Date.UTC(
    +instant.slice(0, 4), +instant.slice(5, 7) - 1, +instant.slice(8, 10),
    +instant.slice(11, 13), +instant.slice(14, 16), +instant.slice(17, 19),
  );
  return ms + decalageMs(ms);
}

// Paris a une ou deux heures d'avance : avant 22 h en temps universel, c'est le même jour.
export const jourParis = (instant) => (instant.slice(11, 13) < "22" ? instant.slice(0, 10) : enJour(aParis(instant)));

export function heureParis(instant) {
  const local = new Date(aParis(instant));
  return `${deuxChiffres(local.getUTCHours())}:${deuxChiffres(local.getUTCMinutes())}`;
}

export function instantDe(jour, heure) {
  const local = enMs(jour) + (+heure.slice(0, 2) * 60 + +heure.slice(3, 5)) * 60_000;
  // L'heure double d'octobre se lit comme la première (été) ; celle qui manque en mars glisse d'une heure.
  const enEte = local - 7_200_000;
  const ms = decalageMs(enEte) === 7_200_000 ? enEte : local - 3_600_000;
  return new Date(ms).toISOString().slice(0, 19) + "Z";
}

// Le premier instant d'un jour : comparer des instants évite de convertir chaque fiche (minuit n'est jamais double).
const minuits = new Map();

export function minuit(jour) {
  let instant = minuits.get(jour);
  if (!instant) {
    if (minuits.size > 1_000) minuits.clear();
    instant = instantDe(jour, "00:00");
    minuits.set(jour, instant);
  }
  return instant;
}
