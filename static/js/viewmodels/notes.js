// Les notes personnelles des dossiers que l'on quitte : miroir de app/viewmodels/notes.py.
import { quantieme } from "../domain/francais.js";
import { aChoisir, CHOIX } from "../domain/saisie/notes.js";
import { premiere, resume } from "./formulaires.js";

const MOTS = { transmettre: "Transmettre", effacer: "Effacer" };

export function notes(contexte, saisie = null, erreurs = {}) {
  return {
    notes: aChoisir(contexte).map((note) => vueNote(note, contexte, saisie ?? {})),
    choix: { tout: choix(premiere(saisie ?? {}, "tout")) },
    erreurs,
    resume_erreurs: resume(erreurs, ["tout"]),
    action: "/notes",
    caches: [],
    brouillon: null,
  };
}

function vueNote({ entretien, nom, date, texte, fin, limite }, { aujourd_hui: jour, nouvel_identifiant: neuf }, saisie) {
  return {
    entretien,
    nom,
    date,
    texte,
    terme: terme(fin, limite, jour),
    op_id: premiere(saisie, `op-${entretien}`) || neuf(),
    choix: choix(premiere(saisie, `choix-${entretien}`)),
  };
}

function terme(fin, limite, jour) {
  if (fin >= jour) return `Ce dossier n’est plus à vous après le ${quantieme(fin, jour)}.`;
  const le = quantieme(limite, jour);
  if (limite >= jour) return `À choisir avant le ${le}\u202f: ensuite, le chef de service le fera.`;
  return `Sans choix depuis le ${le}\u202f: le chef de service peut la lire et choisir.`;
}

const choix = (choisi) => [...CHOIX.keys()].map((code) => ({ code, libelle: MOTS[code], choisi: code === choisi }));
