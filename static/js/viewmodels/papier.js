// Un papier du dossier : miroir de app/viewmodels/papier.py.
import { estEnBinome } from "../domain/acces.js";
import { jourParis } from "../domain/dates.js";
import { forme } from "../domain/formes.js";
import { dateChiffree, quantieme } from "../domain/francais.js";
import * as modele from "../domain/modele.js";
import { nomAffiche, valeur } from "../domain/personne.js";
import { jour as jourDe } from "../domain/piece.js";
import { enTete, trierPar } from "./contexte.js";
import { contenu, nommer } from "./papier_contenu.js";

// Ce qui résume tout un dossier ne se compose pas de la part qu’en lit le partenaire d’un binôme.
const RESUMES = ["parcours", "liaison"];
const seCompose = (code, dossier) => !RESUMES.includes(code) || !estEnBinome(dossier);

const SANS_ACCORD = "La personne n’a pas donné son accord de partage\u202f: cette fiche ne dit que son nom et qui l’accompagne.";

const adresse = (genre, suite, langue = "fr", fin = "") => `/papiers/${genre}/${suite}${fin}${langue === "fr" ? "" : `?langue=${langue}`}`;

export function papiers(dossier, contexte) {
  const modeles = contexte.reference.modeles ?? [];
  const jour = contexte.aujourd_hui;
  const ligne = (libelle, url, langue = "fr", quand = null) => ({ libelle, quand, url, langue });
  const codes = ["parcours", "droits_devoirs", "liaison"].filter((code) => seCompose(code, dossier));
  const pourElle = codes.flatMap((code) =>
    modele
      .langues(modeles, code)
      .map((langue) => ligne(modele.enVigueur(modeles, code, langue, jour).titre, adresse(code, dossier.personne.id, langue), langue)),
  );
  const manques = dossier.rendez_vous.filter(({ statut, debut }) => statut.startsWith("absence") && jourParis(debut) <= jour);
  const courriers = trierPar(manques, ({ debut, id }) => [debut, id], -1)
    .slice(0, 3)
    .map(({ debut, id }) => ligne(`Après le rendez-vous du ${quantieme(jourParis(debut))}`, adresse("relance", id)));
  const siennes = (dossier.pieces ?? []).filter((fiche) => forme(fiche.forme) && !fiche.retiree_le);
  const fiches = trierPar(siennes, (fiche) => [jourDe(fiche) ?? "", fiche.id], -1).map((fiche) =>
    ligne(nommer(fiche), adresse("piece", fiche.id), "fr", jourDe(fiche)),
  );
  return {
    dossier: enTete(dossier),
    groupes: [
      ["Pour la personne et ses partenaires", pourElle],
      ["Courrier de relance", courriers],
      ["Fiches du dossier", fiches],
    ]
      .filter(([, liste]) => liste.length)
      .map(([titre, liste]) => ({ titre, papiers: liste })),
  };
}

export function papier(genre, dossier, contexte, fiche = null, langue = "fr") {
  const decrite = genre === "piece" ? forme(fiche.forme) : null;
  if (genre === "piece" && !decrite) return null;
  const code = decrite?.imprimable || genre;
  if (!seCompose(code, dossier)) return null;
  const jour = (decrite && jourDe(fiche)) || contexte.aujourd_hui;
  const trouve = modele.enVigueur(contexte.reference.modeles ?? [], code, langue, jour);
  if (!trouve && !decrite) return null;
  const { personne } = dossier;
  const pour = code === "liaison" ? "partenaire" : null;
  const { mots, blocs, accord, fiche: sortante } = contenu(genre, { dossier, contexte, fiche, decrite, jour, pour });
  const rendu = {
    titre: (trouve && modele.remplir(trouve.titre, mots)) || (decrite ? nommer(sortante) : "Papier"),
    langue,
    fichier: decrite ? decrite.code : code,
    emetteur: { nom: contexte.reference.structure.nom },
    lieu_date: `Le ${quantieme(jour)}`,
    blocs: modele.composer(trouve ? trouve.corps : "{champs}", mots, blocs),
  };
  if (!trouve) rendu.sous_titre = nomAffiche(personne);
  if (code === "relance") rendu.destinataire = destinataire(personne, jour);
  if (trouve && !trouve.valide) rendu.a_valider = `Modèle à valider, du ${dateChiffree(trouve.depuis)}`;
  const suite = (fiche ?? personne).id;
  return {
    papier: rendu,
    sens: modele.DE_DROITE_A_GAUCHE.includes(langue) ? "rtl" : "ltr",
    avis: code === "liaison" && !accord ? SANS_ACCORD : null,
    retour: decrite ? `/pieces/${suite}` : `/papiers/dossier/${personne.id}`,
    url_pdf: adresse(genre, suite, langue, ".pdf"),
    dossier: enTete(dossier),
  };
}

function destinataire(personne, jour) {
  const commune = valeur(personne, "commune", jour);
  const lignes = [nomAffiche(personne), ...String(valeur(personne, "adresse", jour) ?? "").split(/\r?\n/)];
  const dite = (ligne) => ligne.toLowerCase().includes(commune.nom.toLowerCase());
  if (commune && !lignes.slice(1).some(dite)) lignes.push(commune.nom);
  return lignes.map((ligne) => ligne.trim()).filter(Boolean);
}
