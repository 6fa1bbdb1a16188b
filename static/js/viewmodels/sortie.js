// L'écran de la sortie d'une mesure : miroir de app/viewmodels/sortie.py.
import { choix, libelle } from "../domain/nomenclatures.js";
import { motifsOfferts } from "../domain/saisie/sortie.js";
import { sortieCalculee } from "../domain/sortie.js";
import { enTete, libelleConvention } from "./contexte.js";
import { cacher, cleBrouillon, premiere, resume, versionMontree } from "./formulaires.js";

const ORDRE = ["sortie_motif", "sortie_le", "ecart", "annuler"];

export function sortie(dossier, contexte, existante, saisie = null, erreurs = {}) {
  const calculee = sortieCalculee(dossier, existante, contexte.reference.conventions, contexte.maintenant);
  const connues = {
    sortie_le: existante.sortie_le || (calculee ? calculee.jour : contexte.aujourd_hui),
    sortie_motif: existante.sortie_motif || "",
    ecart: existante.sortie_ecart || "",
  };
  const f = Object.fromEntries(ORDRE.map((nom) => [nom, saisie ? premiere(saisie, nom) : connues[nom] ?? ""]));
  const champ = (nom, libelle, genre, reste) => ({ nom, libelle, genre, valeur: f[nom], choix: [], aide: null, ...reste });
  const [courants, ...plis] = motifs(f.sortie_motif, contexte.utilisateur.role);
  const continuee = [{ code: "oui", libelle: "La mesure continue", choisi: f.annuler === "oui" }];
  const base = `/dossiers/${dossier.personne.id}`;
  return {
    f,
    erreurs,
    resume_erreurs: resume(erreurs, ORDRE),
    dossier: enTete(dossier),
    choix: { mesures: [] },
    champs: [
      champ("sortie_motif", "Motif", "puces_pliees", { choix: courants.choix, plis }),
      champ("sortie_le", "Sortie le", "date", { aide: calculee ? calculee.pourquoi : null }),
      ...(calculee ? [champ("ecart", "Un autre jour\u202f? Pourquoi", "texte")] : []),
      ...(existante.sortie_le ? [champ("annuler", "Revenir sur la sortie", "puces", { choix: continuee })] : []),
    ],
    partage: null,
    controle: null,
    action: `${base}/mesures/${existante.id}/sortie`,
    titre_page: `Sortie, ${libelleConvention(existante.convention, contexte)}`,
    brouillon: cleBrouillon("sortie", existante.id, saisie),
    caches: cacher(["op_id"], saisie, contexte, {
      remplace: premiere(saisie, "remplace"),
      base: versionMontree(existante, saisie),
    }),
    retour: base,
  };
}

function motifs(retenu, role) {
  return Object.entries(motifsOfferts(role, retenu)).map(([groupe, offerts]) => {
    const choisis = choix("motif_sortie", retenu, null, offerts);
    return { libelle: libelle("groupe_motifs", groupe), choix: choisis, ouvert: choisis.some((c) => c.choisi) };
  });
}
