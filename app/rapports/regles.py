"""Ce que les conventions d'une demande règlent de ses tableaux, tel que c'est en vigueur le dernier jour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.domain.convention import places_convenues
from app.domain.mesure import convention_au
from app.rapports.demande import Demande
from sync.conventions import conventions_de


class ConventionInconnue(LookupError):
    """La structure n'a pas de convention de ce code."""


@dataclass(frozen=True)
class Version:
    """Une convention au dernier jour, ce que la structure en a ajusté compris. `donnees` : ses règles, par leur nom."""

    code: str
    donnees: dict[str, Any]

    @property
    def libelle(self) -> str:
        return str(self.donnees["libelle"])


@dataclass(frozen=True)
class Regles:
    """Les versions qui s'appliquent le dernier jour, une par convention demandée, dans l'ordre de la demande.

    `tranches` : de chacune, toutes ses versions, la plus ancienne d'abord.
    """

    versions: tuple[Version, ...]
    dernier_jour: str
    tranches: Mapping[str, tuple[dict[str, Any], ...]] = field(default_factory=dict)

    def valeur(self, nom: str) -> Any:
        """La valeur d'une règle ; `None` si une convention ne la dit pas, ou si elles ne disent pas la même chose."""
        valeurs = [self.de(version, nom) for version in self.versions]
        return valeurs[0] if all(valeur == valeurs[0] for valeur in valeurs) else None

    def dans(self, nom: str, cle: str, defaut: Any) -> Any:
        """Une clé d'une règle qui en réunit plusieurs (`{ decimales = 1 }`) ; `defaut` si elle n'est pas dite."""
        table = self.valeur(nom)
        return table.get(cle, defaut) if isinstance(table, dict) else defaut

    def de(self, version: Version, nom: str) -> Any:
        """Ce qu'en dit une version, elle seule."""
        return version.donnees.get(nom)

    def au_fil(self, code: str, nom: str) -> list[tuple[date, date, Any]]:
        """Ce qu'une convention a dit d'une règle, version après version : chaque valeur, du premier au dernier jour.

        La première version règle aussi ce qui la précède, comme partout (`convention_au`).
        """
        depuis: list[tuple[date, Any]] = []
        for tranche in self.tranches.get(code, ()):
            valeur = tranche.get(nom)
            if not depuis or depuis[-1][1] != valeur:
                depuis.append((date.fromisoformat(tranche["debut"]) if depuis else date.min, valeur))
        fins = [suivant - timedelta(1) for suivant, _ in depuis[1:]] + [date.max]
        return [(du, au, valeur) for (du, valeur), au in zip(depuis, fins, strict=False)]

    def une_dit(self, nom: str) -> bool:
        """L'une au moins des conventions demande cela."""
        return any(self.de(version, nom) for version in self.versions)

    def places(self) -> int | None:
        """Les places de toutes les conventions demandées ce jour-là ; `None` si l'une ne les dit pas."""
        nombres = [places_convenues(version.donnees, self.dernier_jour) for version in self.versions]
        connus = [nombre for nombre in nombres if nombre is not None]
        return sum(connus) if len(connus) == len(nombres) else None


def lire_regles(session: Session, demande: Demande) -> Regles:
    """Les versions en vigueur le dernier jour de la période ; à défaut, les plus proches. `ConventionInconnue`."""
    connues, jour = conventions_de(session, demande.structure_id), demande.periode.dernier_jour.isoformat()
    versions, tranches = [], {}
    for code in demande.conventions:
        version = convention_au(connues, code, jour)
        if version is None:
            raise ConventionInconnue(code)
        versions.append(Version(code, version))
        siennes = [tranche for tranche in connues if tranche["code"] == code]
        tranches[code] = tuple(sorted(siennes, key=lambda tranche: tranche.get("debut") or ""))
    return Regles(tuple(versions), jour, tranches)
