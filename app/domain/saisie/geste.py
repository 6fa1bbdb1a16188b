"""Les gestes d'un dossier, sans formulaire à remplir : choisir entre deux valeurs, archiver, partager un entretien."""

from typing import Any

from app.domain.acces import est_archive, est_fini, version_du_dossier
from app.domain.saisie.lecture import (
    Resultat,
    Saisie,
    conclure,
    lire_base,
    lire_identifiant,
    nouveau_resultat,
    operation,
    texte,
)

CHOIX = ("en_vigueur", "propose")


def lire_reglement(saisie: Saisie, contexte: dict[str, Any]) -> Resultat:
    """Champs `op_id`, `choix`, `base` ; `contexte` : la fiche `desaccord`. Redire le même choix ne fait rien."""
    resultat, desaccord = nouveau_resultat(), contexte["desaccord"]
    choix = texte(saisie, "choix")
    resultat["champs"] = {"choix": choix}
    identifiant = lire_identifiant(resultat, saisie, "op_id")
    if choix not in CHOIX:
        resultat["erreurs"]["choix"] = "Choisissez la valeur à garder."
    elif desaccord["etat"] == "regle" and desaccord["choix"] != choix:
        resultat["erreurs"]["choix"] = f"Ce désaccord a déjà été réglé par {desaccord['regle_par_nom']}."
    elif desaccord["etat"] == "ouvert":
        champs, base = {"choix": choix}, lire_base(saisie, desaccord)
        resultat["operations"].append(
            operation(identifiant, "regler_desaccord", desaccord["id"], desaccord["personne_id"], champs, base)
        )
    return conclure(resultat)


def lire_archive(saisie: Saisie, contexte: dict[str, Any], archiver: bool) -> Resultat:
    """Champs `op_id`, `base` ; `contexte` : `aujourd_hui`, `dossier`. Ce qui est déjà fait ne se refait pas."""
    resultat, dossier = nouveau_resultat(), contexte["dossier"]
    personne_id = dossier["personne"]["id"]
    identifiant = lire_identifiant(resultat, saisie, "op_id")
    if est_archive(dossier) != archiver:
        champs = {"le": contexte["aujourd_hui"]} if archiver else {}
        genre = "archiver_dossier" if archiver else "rouvrir_dossier"
        base = lire_base(saisie, {"version": version_du_dossier(dossier)})
        resultat["operations"].append(operation(identifiant, genre, personne_id, personne_id, champs, base))
    return conclure(resultat)


def lire_fin_de_partage(saisie: Saisie, contexte: dict[str, Any]) -> Resultat:
    """Champ `op_id` ; `contexte` : `aujourd_hui` et la fiche `partage`."""
    resultat, partage = nouveau_resultat(), contexte["partage"]
    identifiant = lire_identifiant(resultat, saisie, "op_id")
    if not est_fini(partage, contexte["aujourd_hui"]):
        resultat["operations"].append(
            operation(identifiant, "cesser_partage", partage["id"], partage["personne_id"], {}, partage["version"])
        )
    return conclure(resultat)


def lire_coche(saisie: Saisie, contexte: dict[str, Any]) -> Resultat:
    """Champs `op_id`, `base`, `partagee` = « oui » ; `contexte` : la fiche `entretien`, à cocher pour le binôme."""
    resultat, entretien = nouveau_resultat(), contexte["entretien"]
    identifiant, coche = lire_identifiant(resultat, saisie, "op_id"), texte(saisie, "partagee") == "oui"
    if bool(entretien.get("partagee")) != coche:
        champs, base = {"partagee": coche}, lire_base(saisie, entretien)
        resultat["operations"].append(
            operation(identifiant, "modifier_entretien", entretien["id"], entretien["personne_id"], champs, base)
        )
    return conclure(resultat)
