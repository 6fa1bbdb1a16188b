"""La fin de tout formulaire du carnet : enregistré et relu (303), ou remontré tel qu'il a été tapé (422)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.cadre import rendre
from app.securite.portier import rediriger
from app.viewmodels.messages import message_enregistre
from app.views import carnet
from app.views.sans_entretien import selon_le_role

Fiche = dict[str, Any]


@dataclass(frozen=True)
class Formulaire:
    """Le formulaire d'une fiche d'un dossier, neuve ou à corriger.

    `lire(saisie, contexte, existante)` vient de `app.domain.saisie` ; `vue(dossier, contexte, existante, saisie,
    erreurs)` rend le contexte du gabarit `page`.
    """

    page: str
    onglet: str
    lire: Callable[..., dict[str, Any]]
    vue: Callable[..., dict[str, Any]]

    def montrer(
        self,
        titre: str,
        dossier: Fiche,
        existante: Fiche | None = None,
        saisie: Mapping[str, Any] | None = None,
        erreurs: dict[str, str] | None = None,
    ) -> Response:
        page = self.vue(dossier, carnet.contexte(), existante, saisie, erreurs)
        return rendre(self.page, titre=titre, onglet=self.onglet, statut=422 if erreurs else 200, **page)

    def enregistrer(self, titre: str, dossier: Fiche, existante: Fiche | None = None) -> Response:
        saisie = carnet.saisie()
        return conclure(
            self.lire(saisie, carnet.contexte() | {"dossier": dossier}, existante),
            vers=f"/dossiers/{dossier['personne']['id']}",
            remontrer=lambda erreurs: self.montrer(titre, dossier, existante, saisie, erreurs),
        )


def conclure(lu: dict[str, Any], vers: str, remontrer: Callable[[dict[str, str]], Response]) -> Response:
    """`lu` : ce qu'une fonction de `app.domain.saisie` a rendu."""
    if lu["erreurs"]:
        return remontrer(lu["erreurs"])
    try:
        a_regler = carnet.enregistrer(lu["operations"])
    except carnet.Refusee as refus:
        return remontrer(refus.erreurs)
    fait = message_enregistre(lu["operations"], lu["avertissements"])
    session["message"] = noter_autrement(lu["operations"]) if a_regler else selon_le_role(fait)
    return rediriger(vers)


def noter_autrement(operations: list[dict[str, Any]]) -> dict[str, Any]:
    """Le mot qui suit une saisie que d'autres contredisent : gardée, elle n'est pas en vigueur pour autant."""
    return {
        "texte": "Noté, mais quelqu’un l’avait changé entre-temps\u202f: les deux sont gardés, et c’est à choisir.",
        "ton": None,
        "suite": {"libelle": "Choisir", "url": f"/dossiers/{operations[0]['personne']}"},
        "annuler": None,
    }


def identifiant(valeur: str | None) -> str | None:
    """Un identifiant d'adresse ou de formulaire ; absent : rien ; mal formé : 404, comme s'il était inconnu."""
    if not valeur:
        return None
    try:
        lu = str(UUID(valeur))
    except ValueError:
        raise NotFound from None
    return lu
