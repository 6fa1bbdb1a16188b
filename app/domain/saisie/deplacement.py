"""La salle n'est pas disponible : déplacer d'un geste tous les rendez-vous d'un lieu, un jour."""

import re
from typing import Any

from app.domain import dates
from app.domain.identifiant import est_identifiant
from app.domain.personne import Fiche
from app.domain.rendez_vous import est_deplacable
from app.domain.saisie.lecture import (
    INCOMPLET,
    Resultat,
    Saisie,
    conclure,
    lire_jour,
    lire_lieu,
    liste,
    nouveau_resultat,
    operation,
)
from app.domain.saisie.rendez_vous import avertir_du_jour


def lire_deplacement(saisie: Saisie, contexte: dict[str, Any]) -> Resultat:
    """Une opération par rendez-vous encore proposé, à la même heure. `contexte` porte aussi `dossiers`.

    Chaque champ `deplace` vaut « rendez-vous opération version » : ce que la page montrait.
    """
    resultat = nouveau_resultat()
    jour = lire_jour(resultat, saisie, "date", "Indiquez le jour.")
    lieu = lire_lieu(resultat, saisie, "lieu")
    avertir_du_jour(resultat, "date", jour, contexte["aujourd_hui"])
    for ligne in liste(saisie, "deplace"):
        identifiant, op_id, version = [*ligne.split(" "), "", ""][:3]
        rendez_vous, personne = _trouver(contexte["dossiers"], identifiant)
        if jour is None or rendez_vous is None or not est_deplacable(rendez_vous):
            continue
        debut = dates.instant_de(jour, dates.heure_paris(rendez_vous["debut"]))
        champs = {"debut": debut, "duree": rendez_vous["duree"], "lieu": lieu}
        if not est_identifiant(op_id):
            resultat["erreurs"]["lieu"] = INCOMPLET
            break
        base = int(version) if re.fullmatch(r"[0-9]{1,15}", version) else None
        if (debut, lieu) == (rendez_vous["debut"], rendez_vous["lieu"]) and not _est_deja_fait(rendez_vous, base):
            continue
        resultat["operations"].append(operation(op_id, "deplacer_rendez_vous", identifiant, personne, champs, base))
    if not resultat["operations"] and not resultat["erreurs"]:
        resultat["erreurs"]["lieu"] = "Rien ne change\u202f: choisissez un autre lieu, ou un autre jour."
    return conclure(resultat)


def _est_deja_fait(rendez_vous: Fiche, base: int | None) -> bool:
    """Le même formulaire, envoyé deux fois : la même opération n'y change rien, et la suite se montre encore."""
    perimee = base is not None and rendez_vous.get("version") is not None and base < int(rendez_vous["version"])
    return perimee or bool(rendez_vous.get("envoi"))


def _trouver(dossiers: list[Fiche], identifiant: str) -> tuple[Fiche | None, str]:
    for dossier in dossiers:
        for rendez_vous in dossier["rendez_vous"]:
            if rendez_vous["id"] == identifiant:
                return rendez_vous, str(dossier["personne"]["id"])
    return None, ""
