"""Ce qui manque à une fiche pour être complète. On signale, on n'empêche rien : la fiche compte déjà."""

from __future__ import annotations

from typing import Any

from app.domain.personne import valeur

Fiche = dict[str, Any]

SANS_CONTENU = "démarche ou synthèse"
_A_DISTANCE = ("telephone", "visio", "courriel", "sms")
# Un message écrit n'a pas de durée.
_SANS_DUREE = ("courriel", "sms")


def manques(fiche: Fiche, dossier: Fiche, aujourd_hui: str) -> list[str]:
    """Les manques d'une fiche, en mots, du plus gênant au moins gênant ; vide : elle est complète."""
    examens = {
        "personne": _personne,
        "mesure": _mesure,
        "rendez_vous": _rendez_vous,
        "entretien": _entretien,
        "piece": _piece,
    }
    return examens[fiche["type"]](fiche, dossier, aujourd_hui)


def _personne(personne: Fiche, _: Fiche, aujourd_hui: str) -> list[str]:
    attendus = (
        ("date_naissance", "date de naissance"),
        ("sexe", "sexe"),
        ("commune", "commune"),
    )
    absents = [libelle for champ, libelle in attendus if valeur(personne, champ, aujourd_hui) in (None, "", [])]
    if not (personne.get("nom") and personne.get("prenom")):
        absents.insert(0, "nom et prénom")
    joignable = any(valeur(personne, champ, aujourd_hui) for champ in ("telephones", "courriel", "adresse"))
    return absents if joignable else [*absents, "de quoi la joindre"]


def _mesure(mesure: Fiche, _: Fiche, __: str) -> list[str]:
    absents = [] if mesure.get("orientee_le") else ["date d’orientation"]
    if mesure.get("entree_le") and not mesure["historique"].get("modalite"):
        absents.append("modalité")
    return absents


def _rendez_vous(rendez_vous: Fiche, dossier: Fiche, _: str) -> list[str]:
    absents = [] if rendez_vous.get("lieu") else ["lieu"]
    note = any(entretien.get("rendez_vous_id") == rendez_vous["id"] for entretien in dossier["entretiens"])
    if rendez_vous["statut"] == "honore" and not note:
        absents.insert(0, "entretien non noté")
    return absents


def _piece(piece: Fiche, _: Fiche, __: str) -> list[str]:
    """Ce qu'une forme demande, elle le demande en la notant."""
    return []


def _entretien(entretien: Fiche, _: Fiche, __: str) -> list[str]:
    absents = []
    if not entretien.get("mesure_id"):
        absents.append("mesure")
    if not entretien.get("duree") and entretien["moyen"] not in _SANS_DUREE:
        absents.append("durée")
    if not entretien.get("lieu") and entretien["moyen"] not in _A_DISTANCE:
        absents.append("lieu")
    if not entretien.get("demarches") and not entretien.get("synthese"):
        absents.append(SANS_CONTENU)
    return absents
