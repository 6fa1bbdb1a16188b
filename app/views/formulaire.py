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
        carnet.enregistrer(lu["operations"])
    except carnet.Refusee as refus:
        return remontrer(refus.erreurs)
    session["message"] = selon_le_role(message_enregistre(lu["operations"], lu["avertissements"]))
    return rediriger(vers)


def identifiant(valeur: str | None) -> str | None:
    """Un identifiant d'adresse ou de formulaire ; absent : rien ; mal formé : 404, comme s'il était inconnu."""
    if not valeur:
        return None
    try:
        lu = str(UUID(valeur))
    except ValueError:
        raise NotFound from None
    return lu
