"""Lire le jour où un bilan a été remis au financeur."""

from dataclasses import dataclass, field

from app.domain import dates


@dataclass(slots=True)
class BilanSaisi:
    remis_le: str
    erreurs: dict[str, str] = field(default_factory=dict)


def lire_bilan(remis_le: str, annee: int, aujourd_hui: str) -> BilanSaisi:
    """`annee` : celle dont le bilan rend compte ; il ne se remet pas avant qu'elle commence, ni demain."""
    jour = dates.lire_jour(remis_le)
    if jour is None:
        return BilanSaisi(remis_le, {"remis_le": "Donnez le jour où il a été remis."})
    if jour > aujourd_hui:
        return BilanSaisi(jour, {"remis_le": "Ce jour n’est pas encore venu."})
    if jour < f"{annee}-01-01":
        return BilanSaisi(jour, {"remis_le": f"L’année {annee} n’avait pas commencé\u202f: vérifiez la date."})
    return BilanSaisi(jour)
