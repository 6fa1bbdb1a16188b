"""Ce qu'on demande à un rapport : quelles conventions, sur quelle période, vu de quel instant."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from app.domain.dates import lire_jour
from app.domain.indicateurs.periode import ANNEES, PARIS, Periode


@dataclass(frozen=True)
class Demande:
    """`conventions` : leurs codes, au moins un ; `maintenant` : l'instant d'où l'on regarde, muni de son fuseau.

    `motifs_reserves` : qui regarde peut ouvrir la liste d'un motif de sortie réservé.
    """

    structure_id: str
    conventions: tuple[str, ...]
    periode: Periode
    maintenant: datetime
    motifs_reserves: bool = True

    @classmethod
    def lire(cls, structure_id: str, conventions: str, periode: str, maintenant: datetime | None = None) -> "Demande":
        """Depuis une adresse : « ASP-DOM+ASP-NC » et « 2022 » ; `ValueError` si elle n'a pas de sens.

        Les mêmes conventions dans un autre ordre sont le même rapport : sa clôture, ses textes, son journal.
        """
        codes = tuple(sorted(set(conventions.split("+"))))
        return cls(structure_id, codes, Periode.lire(periode), maintenant or datetime.now(UTC))

    @property
    def adresse(self) -> str:
        return f"/rapports/{self.code}/{self.periode.code}"

    @property
    def code(self) -> str:
        return "+".join(self.conventions)

    @property
    def aujourd_hui(self) -> date:
        return self.maintenant.astimezone(PARIS).date()

    @property
    def a_venir(self) -> bool:
        """Le premier jour n'est pas là : rien n'y est encore compté."""
        return self.aujourd_hui < self.periode.premier_jour

    @property
    def finie(self) -> bool:
        """Le dernier jour est passé : ses comptes de fin ne changeront plus d'eux-mêmes."""
        return self.aujourd_hui > self.periode.dernier_jour


def lire_periode(du: str, au: str) -> tuple[Periode | None, dict[str, str]]:
    """La période tapée, ou ce qui ne va pas, par champ."""
    erreurs, jours = {}, {}
    for nom, texte in (("du", du), ("au", au)):
        lu = lire_jour(texte.strip())
        if lu is None:
            erreurs[nom] = "Indiquez un jour, comme 31/12/2022."
        elif date.fromisoformat(lu).year not in ANNEES:
            erreurs[nom] = f"Indiquez une année entre {ANNEES[0]} et {ANNEES[-1]}."
        else:
            jours[nom] = date.fromisoformat(lu)
    if not erreurs and jours["au"] < jours["du"]:
        erreurs["au"] = "Ce jour est avant le premier\u202f: inversez-les."
    return (None, erreurs) if erreurs else (Periode(jours["du"], jours["au"]), {})
