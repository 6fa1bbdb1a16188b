"""Les personnes : une naissance qui ne peut pas être la leur."""

from typing import Final

from app.domain.anomalies.regle import Regle
from app.domain.francais import quantieme
from app.domain.personne import Fiche, age

AGES: Final = (16, 99)


def _naissance(personne: Fiche, _: Fiche, jour: str) -> str | None:
    """Hors de ces âges, c'est plus souvent une faute de frappe qu'une personne accompagnée."""
    naissance = personne.get("date_naissance")
    if not naissance:
        return None
    if naissance > jour:
        return f"Naissance le {quantieme(naissance, jour)}\u202f: ce jour n’est pas encore venu."
    ans = age(naissance, jour)
    if ans is None or AGES[0] <= ans <= AGES[1]:
        return None
    return f"Naissance le {quantieme(naissance, jour)}\u202f: {ans} an{'s' if ans > 1 else ''}, à vérifier."


REGLES: Final = (
    Regle(
        "naissance_a_verifier",
        "Date de naissance à vérifier",
        "personne",
        "Corriger la date de naissance",
        "/dossiers/{dossier}/modifier",
        _naissance,
        a_relire=True,
    ),
)
