"""Les écrans des feuilles d'un cahier, quel qu'en soit le genre : les trouver, les noter, les corriger, les retirer.

Miroir : static/js/worker/sheets.js.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.cadre import rendre
from app.domain.saisie import lire_retrait
from app.securite.permissions import permission
from app.viewmodels.feuille import url_de
from app.views import carnet
from app.views.formulaire import conclure

Fiche = dict[str, Any]
Erreurs = dict[str, str]
Vue = Callable[..., Fiche]
Lecture = Callable[..., dict[str, Any]]
Adresse = Callable[[Fiche, Fiche], str]
Trouve = TypeVar("Trouve")


def ou_404(trouve: Trouve | None) -> Trouve:
    if trouve is None:
        raise NotFound
    return trouve


def trouver(code: str, id: UUID) -> tuple[Fiche, Fiche]:
    """Le cahier, tenu par la personne, et sa feuille de cette forme ; sinon 404."""
    cahier = carnet.cahier_de_la_feuille(str(id))
    fiche = carnet.fiche(cahier["feuilles"], str(id))
    return cahier, ou_404(fiche if fiche["forme"] == code else None)


@dataclass(frozen=True)
class Formulaire:
    """`vue(cahier, contexte, *montre, saisie, erreurs)` rend ce que porte le gabarit `nom`."""

    ecrans: Ecrans
    nom: str
    vue: Vue
    cahier: Fiche
    montre: tuple[Any, ...]

    def montrer(self, saisie: Fiche | None = None, erreurs: Erreurs | None = None) -> Response:
        vue = self.vue(self.cahier, carnet.contexte(), *self.montre, saisie, erreurs)
        return self.ecrans.page(self.nom, vue, 422 if erreurs else 200)

    def enregistrer(self, lire: Lecture, vers: str, *existante: Fiche) -> Response:
        """`lire(saisie, contexte, *existante)` en fait des opérations."""
        saisie = carnet.saisie()
        lu = lire(saisie, carnet.contexte() | {"cahier": self.cahier}, *existante)
        return conclure(lu, self.ecrans.apres(lu["operations"], vers), partial(self.montrer, saisie))


@dataclass(frozen=True)
class Ecrans:
    """`titre` et `onglet` de ces écrans ; `gabarit` : la page de leurs formulaires ; `apres(operations, vers)` : où
    mène un enregistrement.
    """

    titre: str
    onglet: str
    gabarit: str
    apres: Callable[[list[Fiche], str], str] = lambda _operations, vers: vers

    def page(self, nom: str, vue: Fiche, statut: int = 200) -> Response:
        return rendre(f"partages/pages/{nom}.html", titre=self.titre, onglet=self.onglet, statut=statut, **vue)

    def formulaire(self, vue: Vue, cahier: Fiche, *montre: Any, nom: str | None = None) -> Formulaire:
        return Formulaire(self, nom or self.gabarit, vue, cahier, montre)

    def corriger(
        self,
        plan: Blueprint,
        code: str,
        *,
        vue: Vue,
        lire: Lecture,
        vers: Adresse,
        apres_retrait: Adresse | None,
        extremites: tuple[str, str, str] | None = None,
    ) -> None:
        """Déclare les trois routes d'une forme ; `apres_retrait` None : elle ne se retire pas, elle se change."""
        montree, changee, retiree = extremites or (f"modifier_{code}", f"modifiee_{code}", f"retirer_{code}")
        routes = [
            ("modifier", "GET", montree, partial(self._modifier, code, vue)),
            ("modifier", "POST", changee, partial(self._modifiee, code, vue, lire, vers)),
        ]
        if apres_retrait is not None:
            routes.append(("retirer", "POST", retiree, partial(self._retirer, code, vue, apres_retrait)))
        for geste, methode, extremite, fonction in routes:
            gardee = permission("entretiens.noter")(fonction)
            plan.add_url_rule(f"{url_de(code, '<uuid:id>')}/{geste}", extremite, gardee, methods=[methode])

    def _modifier(self, code: str, vue: Vue, id: UUID) -> Response:
        return self.formulaire(vue, *trouver(code, id)).montrer()

    def _modifiee(self, code: str, vue: Vue, lire: Lecture, vers: Adresse, id: UUID) -> Response:
        cahier, fiche = trouver(code, id)
        return self.formulaire(vue, cahier, fiche).enregistrer(lire, vers(cahier, fiche), fiche)

    def _retirer(self, code: str, vue: Vue, vers: Adresse, id: UUID) -> Response:
        cahier, fiche = trouver(code, id)
        lu = lire_retrait(carnet.saisie(), {"piece": fiche})
        return conclure(lu, vers(cahier, fiche), partial(self.formulaire(vue, cahier, fiche).montrer, None))
