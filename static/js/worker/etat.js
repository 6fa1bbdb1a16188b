/* L'état affiché : la copie du serveur, plus les opérations qui attendent. En mémoire seulement, et vidé au verrouillage.
 *
 * Enregistrer n'est ainsi qu'une petite transaction : rien n'est recopié dans les dossiers tant que le serveur n'a pas répondu.
 */
import { findRecord, markRecords } from "./dossier.js";

const MARKS = { attente: "en_attente", retenue: "retenue", refusee: "refusee" };

/** Dans l'ordre de saisie ; mais une personne, puis sa mesure, corrigées après coup, passent avant ce qui les attendait ; de même ce que
 * cite une rencontre ou une présence. */
const RANKS = { creer_personne: 0, ouvrir_mesure: 1, noter_maraude: 1, noter_connu: 1, noter_seance: 1, noter_inscription: 1, noter_situation: 1 };
const rank = ({ op }) => (op.remplace ? RANKS[op.genre] : undefined) ?? 2;
const inOrder = (a, b) => rank(a) - rank(b) || a.op.compteur - b.op.compteur;

/** Les genres des cahiers de ces copies : ce que propose le menu. */
export const genresOf = (copies) => [...new Set([...copies].map(({ cahier }) => cahier?.genre).filter(Boolean))];

/** @param {{projeter: (dossier: object|null, op: object, acteur: {id: string, nom: string}) => object|null, oublier?: (cahier: object) => object}}
 *   rules  `oublier` : le cahier tel qu'il se lit aujourd'hui */
export function createEtat({ projeter, oublier = (cahier) => cahier }) {
  const held = { curseur: null, structure: null, reference: null, appareil: null, copies: new Map(), pending: new Map(), shown: new Map(), loaded: false, generation: 0 };

  const pendingOn = (personne) => [...held.pending.values()].filter(({ op }) => op.personne === personne).sort(inOrder);

  const actor = () => {
    const { id, prenom, nom, role } = held.reference?.utilisateur ?? { id: null, prenom: "", nom: "", role: null };
    return { id, nom: `${prenom} ${nom}`.trim(), role };
  };

  const apply = (dossier, op) => projeter(dossier, op, actor());

  function project(personne, withoutOperation = null) {
    const entries = pendingOn(personne).filter(({ op }) => op.id !== withoutOperation);
    const projected = entries.reduce((dossier, { op }) => apply(dossier, op) ?? dossier, held.copies.get(personne) ?? null);
    return projected && markRecords(projected, entries.map(({ op, etat }) => [op.entite, MARKS[etat]]));
  }

  function shownAt(id) {
    if (!held.shown.has(id)) held.shown.set(id, project(id));
    return held.shown.get(id);
  }

  /** Le dossier tel qu'il s'affiche, ou null ; d'un cahier, null. */
  function dossier(id) {
    const shown = shownAt(id);
    return shown?.personne ? shown : null;
  }

  /** Le cahier tel qu'il s'affiche, ou null ; d'un dossier, null. */
  function cahier(id) {
    const shown = shownAt(id);
    return shown?.cahier ? oublier(shown) : null;
  }

  return {
    get loaded() {
      return held.loaded;
    },
    /** Change à chaque chargement et à chaque vidage : ce qui a été calculé sous une autre génération ne se range plus ici. */
    get generation() {
      return held.generation;
    },
    get structure() {
      return held.structure;
    },
    get reference() {
      return held.reference;
    },
    /** Nom donné à ce téléphone : {id, nom}. */
    get appareil() {
      return held.appareil;
    },
    load({ structure, reference, appareil = null, curseur = null, dossiers, operations }) {
      Object.assign(held, { structure, reference, appareil, curseur });
      held.copies = new Map(dossiers);
      held.pending = new Map(operations.map((entry) => [entry.op.id, entry]));
      held.shown = new Map();
      held.loaded = true;
      held.generation += 1;
    },
    clear() {
      Object.assign(held, { reference: null, appareil: null, copies: new Map(), pending: new Map(), shown: new Map(), loaded: false });
      held.generation += 1;
    },
    /** Une opération arrivée, posée sur la copie du serveur. */
    apply,
    dossier,
    cahier,
    /** Les cahiers que tient cette personne ; `genre` : de ceux-là seulement. */
    cahiers: (genre = null) =>
      [...held.copies].filter(([, copy]) => !genre || copy.cahier?.genre === genre).map(([id]) => cahier(id)).filter(Boolean),
    /** Sans rien projeter : une copie le dit. */
    genresTenus: () => genresOf(held.copies.values()),
    /** Le cahier affiché qui contient cette feuille. */
    cahierOf(recordId) {
      return this.cahiers().find((candidate) => findRecord(candidate, recordId)) ?? null;
    },
    /** Le dossier comme si cette opération n'avait pas été notée : la base d'une correction. */
    without(id, operation) {
      if (!operation) return dossier(id);
      const projected = project(id, operation);
      return projected?.personne ? projected : null;
    },
    /** De même d'un cahier. */
    cahierWithout(id, operation) {
      if (!operation) return cahier(id);
      const projected = project(id, operation);
      return projected?.cahier ? oublier(projected) : null;
    },
    dossiers() {
      const ids = new Set([...held.copies.keys(), ...[...held.pending.values()].map(({ op }) => op.personne)]);
      return [...ids].map(dossier).filter(Boolean);
    },
    /** Copie du serveur, sans les opérations en attente. */
    copy: (id) => held.copies.get(id) ?? null,
    copies: () => held.copies,
    record: (personne, id) => findRecord(dossier(personne) ?? cahier(personne) ?? { mesures: [], rendez_vous: [], entretiens: [], controles: [] }, id),
    /** Le dossier affiché qui contient cette fiche. */
    dossierOf(recordId) {
      return this.dossiers().find((candidate) => findRecord(candidate, recordId)) ?? null;
    },
    operation: (id) => held.pending.get(id) ?? null,
    operations: () => [...held.pending.values()].sort(inOrder),
    pendingOn,

    /** Jusqu'où du flux vont les copies tenues ici. */
    get curseur() {
      return held.curseur;
    },
    setCurseur(curseur) {
      held.curseur = curseur;
    },
    setReference(reference) {
      held.reference = reference;
    },
    setCopy(id, copy) {
      if (copy) held.copies.set(id, copy);
      else held.copies.delete(id);
      held.shown.delete(id);
    },
    setOperation(entry) {
      held.pending.set(entry.op.id, entry);
      held.shown.delete(entry.op.personne);
    },
    dropOperation(id) {
      const entry = held.pending.get(id);
      held.pending.delete(id);
      if (entry) held.shown.delete(entry.op.personne);
    },
  };
}
