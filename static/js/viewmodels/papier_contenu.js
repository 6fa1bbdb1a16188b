// De quoi remplir un papier : miroir de app/viewmodels/papier_contenu.py.
import { heureParis, jourParis } from "../domain/dates.js";
import { champ, forme } from "../domain/formes.js";
import { dateChiffree, heure, jourLong, minuscule, quantieme } from "../domain/francais.js";
import { conventionAu, mesurePrincipale, referentAu } from "../domain/mesure.js";
import { donnees, libelle } from "../domain/nomenclatures.js";
import { nomAffiche } from "../domain/personne.js";
import { accordDePartage, estVide, jour as jourDe, piecesDe, seLit, titre as titreDe } from "../domain/piece.js";
import { pieceSortante } from "../domain/sortant.js";
import { trierPar } from "./contexte.js";
import { enMots } from "./mots_piece.js";
import { releves } from "./piece.js";
import { radar } from "./radar.js";

const BOITE = [300, 120];
const PARCOURS = ["contrat", "etape", "demande", "action", "bilan"];
const FAITS = ["contrat", "etape", "action", "relance"];
const COMPOSES = ["lignes", "grille", "signature"];

const liste = (elements) => (elements.length ? [{ genre: "liste", elements }] : []);
const enTableau = (entetes, lignes, suite = {}) => (lignes.length ? [{ genre: "tableau", entetes, lignes, ...suite }] : []);

// Le dessin seul : le tableau qui le suit dit la même chose.
function dessin(decrit, vus) {
  const { nom, axes, mots, traces } = radar(decrit, vus);
  return traces.length ? [{ genre: "radar", radar: { nom, axes, mots, traces } }] : [];
}

const cellule = (decrit, donnee) => (estVide(donnee) ? null : enMots(decrit, donnee));

function enProse(decrit, donnee, dossier) {
  if (decrit.genre === "jour") return quantieme(donnee);
  const dit = enMots(decrit, donnee, dossier);
  return ["code", "codes"].includes(decrit.genre) && /^.\p{Ll}/u.test(dit) ? minuscule(dit) : dit;
}

function tableau(decrit, lignes) {
  if (estVide(lignes)) return [];
  const colonnes = decrit.champs.filter(({ nom }) => lignes.some((ligne) => !estVide(ligne[nom])));
  const tetes = decrit.genre === "grille" ? [decrit.libelle] : [];
  return enTableau(
    [...tetes, ...colonnes.map((colonne) => colonne.libelle)],
    lignes.map((ligne) => [
      ...tetes.map(() => libelle(decrit.liste, ligne.cle)),
      ...colonnes.map((colonne) => cellule(colonne, ligne[colonne.nom])),
    ]),
    { largeurs: [...tetes.map(() => 3), ...colonnes.map(({ genre }) => (["texte", "long"].includes(genre) ? 3 : 2))] },
  );
}

function moment({ debut, lieu }, avecLieu = false) {
  return `${jourLong(jourParis(debut))} à ${heure(heureParis(debut))}${avecLieu && lieu ? `, ${lieu}` : ""}`;
}

export function nommer(une) {
  const [titre, sorte] = [titreDe(une), forme(une.forme).libelle];
  return titre.startsWith(sorte) ? titre : `${sorte}\u202f: ${titre}`;
}

// Rend `{mots, blocs, accord, fiche}` : la fiche telle que le papier la lit.
export function contenu(genre, { dossier: entier, contexte, fiche: entiere, decrite, jour, pour }) {
  const dossier = { ...entier, pieces: (entier.pieces ?? []).map((une) => pieceSortante(une, forme(une.forme))) };
  const fiche = decrite ? pieceSortante(entiere, decrite) : entiere;
  const { personne, mesures } = dossier;
  const { reference, utilisateur, maintenant } = contexte;
  const accord = accordDePartage(dossier, contexte.aujourd_hui);
  const lues = decrite ? fiche.valeurs : {};
  const champs = decrite?.champs ?? [];
  const mesure = mesures.find(({ id }) => id === fiche?.mesure_id) ?? mesurePrincipale(mesures, jour);
  const convention = mesure && (conventionAu(reference.conventions, mesure.convention, jour)?.libelle || mesure.convention);
  const rendezVous = trierPar([...dossier.rendez_vous], ({ debut, id }) => [debut, id]);
  const nom = nomAffiche(personne);
  const referent = nomDuReferent();

  function nomDuReferent() {
    const qui = mesure ? referentAu(mesure, jour) : null;
    if (qui === utilisateur.id) return `${utilisateur.prenom} ${utilisateur.nom}`.trim();
    return (reference.collegues ?? []).find(({ id }) => id === qui)?.nom ?? null;
  }

  const lit = (une, petit = null) => !pour || seLit(forme(une.forme), pour, Boolean(une.partagee) && accord, petit);

  const pieces = (codes) =>
    trierPar(codes.flatMap((code) => piecesDe(dossier, code, mesure)).filter((une) => lit(une)), (une) => [jourDe(une) ?? "", une.id]);

  const passees = (codes) => pieces(codes).filter((une) => (jourDe(une) ?? "9") <= jour);

  function enCours({ forme: code, valeurs }) {
    if (code === "demande") return valeurs.statut === "en_cours";
    if (code === "action") return !["faite", "abandonnee"].includes(valeurs.etat);
    if (code === "bilan" || valeurs.issue) return false;
    return (valeurs.debut || "9") <= jour && jour <= (valeurs.fin || "9");
  }

  function dire(une) {
    const date = jourDe(une);
    return date ? `${quantieme(date)}, ${nommer(une)}` : nommer(une);
  }

  const enListe = (voulue) => liste(pieces(PARCOURS).filter(voulue).map(dire));

  function identite() {
    const lignes = [
      ["Personne accompagnée", nom],
      ["Accompagnée par", referent],
      ["Structure", reference.structure.nom],
      ["Convention", convention],
      ["Depuis le", mesure?.entree_le ? quantieme(mesure.entree_le) : null],
    ];
    return [{ genre: "champs", lignes: lignes.filter(([, dit]) => dit) }];
  }

  function objectifs() {
    const contrat = passees(["contrat"]).at(-1);
    const decrit = champ(forme("contrat"), "objectifs");
    return contrat && lit(contrat, decrit) ? tableau(decrit, contrat.valeurs.objectifs) : [];
  }

  function freins() {
    const faits = passees(["diagnostic"]);
    const decrit = champ(forme("diagnostic"), "freins");
    const grilles = (faits.length > 1 ? [faits[0], faits.at(-1)] : faits).map((une) => [jourDe(une), une.valeurs.freins ?? []]);
    const dits = grilles.map(([, lignes]) => new Map(lignes.map((frein) => [frein.cle, frein])));
    const dire = (frein) => decrit.champs.map((petit) => cellule(petit, frein?.[petit.nom])).filter(Boolean).join(", ") || null;
    const lignes = enTableau(
      [decrit.libelle, ...grilles.map(([le]) => dateChiffree(le))],
      Object.keys(donnees().listes.frein)
        .filter((code) => dits.some((dit) => dit.has(code)))
        .map((code) => [libelle("frein", code), ...dits.map((dit) => dire(dit.get(code)))]),
    );
    return [...dessin(decrit, grilles), ...lignes];
  }

  function chronologie() {
    const siens = rendezVous.filter(
      ({ debut, mesure_id: la }) => jourParis(debut) <= jour && (!mesure || (la ?? mesure.id) === mesure.id),
    );
    const faits = siens.map(({ debut, lieu, statut }) => [
      debut,
      [
        `${dateChiffree(jourParis(debut))}, ${heure(heureParis(debut))}`,
        `Rendez-vous${lieu ? `, ${lieu}` : ""}`,
        libelle("statut_rendez_vous", statut === "propose" ? "a_preciser" : statut),
      ],
    ]);
    for (const une of passees(FAITS)) {
      const suite = forme(une.forme).champs.find((petit) => ["issue", "etat"].includes(petit.nom));
      faits.push([jourDe(une), [dateChiffree(jourDe(une)), nommer(une), suite ? cellule(suite, une.valeurs[suite.nom]) : null]]);
    }
    const lignes = trierPar(faits, ([quand]) => [quand]).map(([, ligne]) => ligne);
    return enTableau(["Date", "Fait", "Suite"], lignes, { largeurs: [2, 4, 2] });
  }

  function signatures() {
    const noms = { signature_personne: nom, signature_referent: referent ?? "Pour la structure" };
    const cases = champs
      .filter((un) => un.genre === "signature")
      .map((un) => ({
        qui: noms[un.nom] || un.libelle,
        ...(lues[un.signe_le] ? { le: quantieme(lues[un.signe_le]) } : {}),
        ...(lues[un.nom] ? { trace: lues[un.nom], boite: BOITE } : {}),
      }));
    return [{ genre: "signatures", cases: cases.length ? cases : Object.values(noms).map((qui) => ({ qui })) }];
  }

  function tous() {
    const remplis = champs.filter((un) => !estVide(lues[un.nom]));
    const signes = champs.filter((un) => un.genre === "signature").map((un) => un.signe_le);
    const lignes = remplis
      .filter((un) => ![...COMPOSES, "long"].includes(un.genre) && !signes.includes(un.nom))
      .map((un) => [un.libelle, enMots(un, lues[un.nom], dossier)]);
    const longs = remplis
      .filter((un) => ["long", "lignes", "grille"].includes(un.genre))
      .flatMap((un) => [
        { genre: "titre", texte: un.libelle },
        ...(un.radar ? dessin(un, releves(un, fiche, dossier, mesure)) : []),
        ...(un.genre === "long" ? [{ genre: "paragraphe", texte: lues[un.nom] }] : tableau(un, lues[un.nom])),
      ]);
    return [...(lignes.length ? [{ genre: "champs", lignes }] : []), ...longs, ...(signes.length ? signatures() : [])];
  }

  const suivant = rendezVous.find(
    ({ debut, statut }) => jourParis(debut) > jour && (statut === "propose" || (debut < maintenant && statut !== "annule_service")),
  );
  const manque = genre === "relance" ? fiche : rendezVous.find(({ id }) => id === lues.rendez_vous_id);
  const simples = champs.filter((un) => !COMPOSES.includes(un.genre) && !estVide(lues[un.nom]));
  return {
    accord,
    fiche,
    mots: {
      __proto__: null,
      personne: nom,
      referent,
      structure: reference.structure.nom,
      convention,
      jour: quantieme(jour),
      nouveau_rendez_vous: suivant ? moment(suivant, true) : null,
      sans_nouveau_rendez_vous: suivant ? null : "",
      avec_accord: accord ? "" : null,
      ...Object.fromEntries(
        simples.map((un) => [un.nom, enProse(un, lues[un.nom], dossier)]),
      ),
      rendez_vous: manque ? moment(manque) : null,
    },
    blocs: {
      __proto__: null,
      identite: identite(),
      en_cours: enListe(enCours),
      parcours: enListe((une) => !enCours(une) && (jourDe(une) ?? "9") <= jour && une.id !== fiche?.id),
      objectifs: objectifs(),
      freins: freins(),
      chronologie: chronologie(),
      signatures: signatures(),
      champs: tous(),
      ...Object.fromEntries(
        champs.filter((un) => ["lignes", "grille"].includes(un.genre)).map((un) => [un.nom, tableau(un, lues[un.nom])]),
      ),
    },
  };
}
