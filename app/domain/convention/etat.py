"""Où en est une version à une date, et ce que ses places disent. Un nombre dépassé avertit, il n'empêche rien."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from app.domain.convention.ajustements import Fiche, valeur_au


def etat(version: Fiche, versions: Sequence[Fiche], jour: str) -> str:
    """« a_venir », « en_vigueur », « prolongee » (sa fin est passée, rien ne l'a suivie) ou « passee ».

    Une convention prolongée continue de régler les mesures ouvertes.
    """
    if version["debut"] > jour:
        return "a_venir"
    memes = (v for v in versions if v.get("code") == version["code"])
    if any(version["debut"] < v["debut"] <= jour for v in memes):
        return "passee"
    return "prolongee" if version.get("fin") and version["fin"] < jour else "en_vigueur"


@dataclass(frozen=True, slots=True)
class Limite:
    """Un nombre convenu et celui du jour ; `sens` : « au_plus » ou « au_moins »."""

    quoi: str
    compte: int
    convenu: int
    sens: str = "au_plus"

    @property
    def depassee(self) -> bool:
        return self.compte > self.convenu if self.sens == "au_plus" else self.compte < self.convenu


def limites(convention: Fiche, jour: str, suivies: int, brsa: int) -> list[Limite]:
    """Les nombres convenus ce jour-là : places, places par ETP, part de bénéficiaires du RSA.

    `suivies` : les mesures en cours ; `brsa` : celles des bénéficiaires du RSA.
    """
    trouvees = []
    places = valeur_au(convention, "places", jour)
    if places is not None:
        trouvees.append(Limite("places", suivies, places))
    plafond = par_etp(convention)
    if plafond is not None:
        trouvees.append(Limite("places_par_etp", suivies, plafond))
    quota: dict[str, Any] = convention.get("quota_brsa") or {}
    if "nombre" in quota:
        trouvees.append(Limite("quota_brsa", brsa, quota["nombre"], "au_moins"))
    elif "part" in quota and suivies:
        trouvees.append(Limite("quota_brsa", brsa, -(-suivies * quota["part"] // 100), "au_moins"))
    return trouvees


def places_convenues(convention: Fiche, jour: str) -> int | None:
    """Combien de mesures à la fois, au plus, ce jour-là ; None si rien ne le dit."""
    convenues = [limite.convenu for limite in limites(convention, jour, 0, 0) if limite.sens == "au_plus"]
    return min(convenues, default=None)


def par_etp(convention: Fiche) -> int | None:
    """Le plus de places pour l'équipe : places par ETP fois le temps de travail, arrondi en dessous."""
    if not convention.get("places_par_etp") or not convention.get("etp"):
        return None
    return int((convention["places_par_etp"] * Decimal(convention["etp"])).to_integral_value(ROUND_FLOOR))
