"""Ouvrir un dossier à un collègue : en binôme, ou prêté jusqu'à un jour."""

from typing import Any

from app.domain import dates, nomenclatures
from app.domain.acces import est_fini
from app.domain.piece import accord_de_partage
from app.domain.saisie.lecture import (
    Resultat,
    Saisie,
    conclure,
    lire_identifiant,
    lire_jour,
    nouveau_resultat,
    operation,
    texte,
)

JOURS_MAX = 366
_SANS_TERME = "binome"


def lire_partage(saisie: Saisie, contexte: dict[str, Any]) -> Resultat:
    """Champs `op_id`, `entite`, `utilisateur`, `motif`, `du`, `jusqu_au`, et `accord`, `op_id_accord` pour noter que la
    personne accepte le partage ; `contexte` : `aujourd_hui`, `dossier`, `utilisateur`, `reference`. Sans `jusqu_au`, le
    partage est sans terme : un binôme seul l'est.
    """
    resultat = nouveau_resultat()
    aujourd_hui, dossier = contexte["aujourd_hui"], contexte["dossier"]
    entite = lire_identifiant(resultat, saisie, "entite")
    ouverts = [partage for partage in dossier.get("partages") or [] if not est_fini(partage, aujourd_hui)]
    collegue = texte(saisie, "utilisateur")
    if collegue not in {connu["id"] for connu in contexte["reference"].get("collegues") or []}:
        resultat["erreurs"]["utilisateur"] = "Choisissez un collègue."
    elif collegue == contexte["utilisateur"]["id"]:
        resultat["erreurs"]["utilisateur"] = "Ce dossier est déjà dans votre carnet."
    elif any(p["utilisateur"] == collegue and p["id"] != entite for p in ouverts):
        resultat["erreurs"]["utilisateur"] = "Ce dossier lui est déjà ouvert."
    motif = texte(saisie, "motif")
    if not nomenclatures.est_code("motif_partage", motif):
        resultat["erreurs"]["motif"] = "Dites pourquoi\u202f: un binôme dure, un prêt a une fin."
    du = lire_jour(resultat, saisie, "du")
    jusqu_au = lire_jour(resultat, saisie, "jusqu_au")
    _verifier_fin(resultat, motif, du, jusqu_au, aujourd_hui)
    champs = {"utilisateur": collegue, "du": du, "jusqu_au": jusqu_au, "motif": motif}
    resultat["champs"] = champs
    identifiant = lire_identifiant(resultat, saisie, "op_id")
    resultat["operations"].append(operation(identifiant, "partager_dossier", entite, dossier["personne"]["id"], champs))
    if texte(saisie, "accord") == "oui" and not accord_de_partage(dossier, aujourd_hui):
        resultat["operations"].append(_noter_l_accord(resultat, saisie, dossier["personne"], aujourd_hui))
    return conclure(resultat)


def _noter_l_accord(resultat: Resultat, saisie: Saisie, personne: dict[str, Any], jour: str) -> dict[str, Any]:
    identifiant, accord = lire_identifiant(resultat, saisie, "op_id_accord"), {"accord_partage": True}
    base, qui = personne.get("version"), personne["id"]
    return operation(identifiant, "modifier_personne", qui, qui, {**accord, "date_effet": jour}, base)


def _verifier_fin(resultat: Resultat, motif: str, du: str | None, jusqu_au: str | None, aujourd_hui: str) -> None:
    erreurs, limite = resultat["erreurs"], dates.ajouter_jours(aujourd_hui, JOURS_MAX)
    if du and du > limite:
        erreurs.setdefault("du", "Dans un an au plus.")
    if jusqu_au is None and motif not in ("", _SANS_TERME):
        erreurs.setdefault("jusqu_au", "Un prêt a un dernier jour\u202f: choisissez-le.")
    elif jusqu_au and jusqu_au < max(du or aujourd_hui, aujourd_hui):
        erreurs["jusqu_au"] = "Ce prêt serait fini avant d’avoir commencé."
    elif jusqu_au and jusqu_au > limite:
        erreurs["jusqu_au"] = "Dans un an au plus."
