"""Prononcer la sortie d'une mesure, la corriger, ou revenir dessus. Miroir : static/js/domain/saisie/sortie.js."""

from typing import Any

from app.domain import dates, nomenclatures
from app.domain.mesure import motif_lisible
from app.domain.personne import Fiche
from app.domain.saisie.lecture import (
    Resultat,
    Saisie,
    conclure,
    lire_base,
    lire_identifiant,
    lire_jour,
    lire_texte,
    nouveau_resultat,
    operation,
    texte,
)
from app.domain.sortie import sortie_calculee

ECART_MAX = 300


def lire_sortie(saisie: Saisie, contexte: dict[str, Any], existante: Fiche) -> Resultat:
    """Champs `op_id`, `sortie_motif`, `sortie_le`, `ecart`, `annuler` = « oui » ; `contexte` : `aujourd_hui`,
    `maintenant`, `dossier`, `reference`. Un autre jour que celui de la règle dit pourquoi. Seul ce qui change part ;
    ce pourquoi part toujours avec son jour.
    """
    resultat = nouveau_resultat()
    identifiant = lire_identifiant(resultat, saisie, "op_id")
    if texte(saisie, "annuler") == "oui":
        lus: dict[str, Any] = {"sortie_le": None, "sortie_motif": None}
        suite: dict[str, Any] = {}
    else:
        lus = _lire(resultat, saisie, contexte["aujourd_hui"], existante)
        suite = _ecart(resultat, saisie, contexte, existante, lus["sortie_le"])
    resultat["champs"] = lus
    changes = {champ: lu for champ, lu in lus.items() if lu != existante.get(champ)}
    if suite.get("ecart") != existante.get("sortie_ecart") and "ecart" in suite:
        changes = {"sortie_le": lus["sortie_le"], **changes}
    if changes:
        personne_id = contexte["dossier"]["personne"]["id"]
        base = lire_base(saisie, existante)
        champs = {**changes, **suite}
        resultat["operations"].append(
            operation(identifiant, "prononcer_sortie", existante["id"], personne_id, champs, base)
        )
    return conclure(resultat)


def _lire(resultat: Resultat, saisie: Saisie, aujourd_hui: str, existante: Fiche) -> dict[str, Any]:
    erreurs = resultat["erreurs"]
    motif = texte(saisie, "sortie_motif") or None
    if motif is None or not nomenclatures.est_code("motif_sortie", motif):
        erreurs["sortie_motif"] = "Choisissez le motif de la sortie."
    jour = lire_jour(resultat, saisie, "sortie_le", "Indiquez le jour de la sortie.")
    debut = existante.get("entree_le") or existante.get("orientee_le")
    if jour and debut and jour < debut:
        erreurs["sortie_le"] = "La sortie vient avant l’entrée."
    elif jour and dates.jours_entre(aujourd_hui, jour) > 366:
        erreurs["sortie_le"] = "Cette date est dans plus d’un an\u202f: vérifiez l’année."
    return {"sortie_le": jour, "sortie_motif": motif}


def _ecart(
    resultat: Resultat, saisie: Saisie, contexte: dict[str, Any], existante: Fiche, jour: str | None
) -> dict[str, Any]:
    """Le jour que donnait la règle, et pourquoi un autre."""
    conventions = contexte["reference"]["conventions"]
    calculee = sortie_calculee(contexte["dossier"], existante, conventions, contexte["maintenant"])
    if calculee is None:
        return {}
    ecart = lire_texte(resultat, saisie, "ecart", ECART_MAX)
    explique = existante.get("sortie_ecart")
    # Une date déjà là sans raison (importée, prononcée avant l'étape) n'en demande pas une après coup.
    sans_raison = ecart is None and explique is None and jour == existante.get("sortie_le")
    if jour is None or jour == calculee["jour"] or sans_raison:
        return {"calculee_le": calculee["jour"]}
    if ecart is None:
        resultat["erreurs"]["ecart"] = "Dites pourquoi la sortie est à un autre jour."
    return {"calculee_le": calculee["jour"], "ecart": ecart}


def motifs_offerts(role: str, retenu: str | None = None) -> dict[str, list[str]]:
    """Les motifs que ce rôle peut lire, et donc choisir, par groupe ; et le motif retenu, proposé ou non."""
    groupes = {
        groupe: lisibles
        for groupe, motifs in nomenclatures.motifs_par_groupe().items()
        if (lisibles := [code for code in motifs if motif_lisible(code, role) == code])
    }
    offerts = [code for motifs in groupes.values() for code in motifs]
    if retenu and nomenclatures.est_code("motif_sortie", retenu) and retenu not in offerts:
        premier, suite = next(iter(groupes.items()))
        groupes[premier] = [*suite, retenu]
    return groupes
