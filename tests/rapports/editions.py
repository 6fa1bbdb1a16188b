"""Une édition inventée, pour essayer ce qui en sort."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction

from app.domain.indicateurs.periode import Periode
from app.rapports.demande import Demande
from app.rapports.edition import Edition
from app.rapports.rapport import Partie
from app.rapports.tableau import Cellule, Colonne, Ligne, Tableau, addition

DEMANDE = Demande("s", ("ASP-NC",), Periode.annee(2022), datetime(2023, 1, 5, tzinfo=UTC))


def compte(nombre: int, base: int | None = None, decimales: int = 0) -> Cellule:
    class Liste:
        def __init__(self) -> None:
            self.nombre, self.date_libelle = nombre, "Date"

        def page(self, *_: object) -> tuple[()]:
            return ()

    return Cellule.compte(Liste(), base, decimales)


def un_tableau(*nombres: tuple[str, int], code: str = "sexe", titre: str = "Répartition", base: int = 0) -> Tableau:
    total = base or sum(nombre for _, nombre in nombres)
    lignes = tuple(
        Ligne(nom, nom.capitalize(), (compte(nombre, total, 1),), indicateur="sexe") for nom, nombre in nombres
    )
    return Tableau(
        code, titre, "mesures", lignes, dessin="parts", controles=(addition(total, [n for _, n in nombres]),)
    )


RENDEZ_VOUS = Tableau(
    "rendez_vous",
    "Rendez-vous : honorés / manqués ? [2022]",
    "événements",
    (
        Ligne("proposes", "Rendez-vous proposés", (compte(1084), compte(800)), "total", indicateur="proposes"),
        Ligne("piege", '=HYPERLINK("http://ailleurs.exemple")', (compte(12), compte(8)), "detail"),
        Ligne("taux", "Taux de présence", (Cellule.taux(Fraction(595, 10), 1), Cellule.rien()), "taux"),
        Ligne("delai", "Délai médian", (Cellule("12\u00a0j", exact=Fraction(12)), Cellule("—")), "taux"),
    ),
    colonnes=(Colonne("nombre", "Nombre"), Colonne("brsa", "dont BRSA")),
    notes=("@note",),
)


def une_edition(tableaux: Sequence[Tableau] = (), structure: str = "Association Fictive") -> Edition:
    choisis = tuple(tableaux) or (RENDEZ_VOUS, un_tableau(("femme", 53), ("homme", 125)))
    return Edition(DEMANDE, structure, ("ASP du Grand Nancy",), (Partie("Activité", choisis),))
