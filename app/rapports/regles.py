"""Ce que les conventions d'une demande règlent de ses tableaux, à la version en vigueur le dernier jour."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Convention
from app.rapports.demande import Demande


class ConventionInconnue(LookupError):
    """La structure n'a pas de convention de ce code."""


@dataclass(frozen=True)
class Regles:
    """Les versions qui s'appliquent, une par convention demandée, dans l'ordre de la demande."""

    versions: tuple[Convention, ...]

    def valeur(self, nom: str) -> Any:
        """La valeur d'une règle ; `None` si une convention ne la dit pas, ou si elles ne disent pas la même chose."""
        valeurs = [_valeur(version, nom) for version in self.versions]
        return valeurs[0] if all(valeur == valeurs[0] for valeur in valeurs) else None

    def dans(self, nom: str, cle: str, defaut: Any) -> Any:
        """Une clé d'une règle qui en réunit plusieurs (`{ decimales = 1 }`) ; `defaut` si elle n'est pas dite."""
        table = self.valeur(nom)
        contenu = table.get(cle, defaut) if isinstance(table, dict) else defaut
        return contenu["valeur"] if isinstance(contenu, dict) else contenu

    def une_dit(self, nom: str) -> bool:
        """L'une au moins des conventions demande cela."""
        return any(_valeur(version, nom) for version in self.versions)


def lire_regles(session: Session, demande: Demande) -> Regles:
    """Les versions en vigueur le dernier jour de la période ; à défaut, les plus proches. `ConventionInconnue`."""
    connues = session.scalars(
        select(Convention)
        .where(Convention.structure_id == demande.structure_id, Convention.code.in_(demande.conventions))
        .order_by(Convention.debut)
    ).all()
    return Regles(tuple(_version(connues, code, demande) for code in demande.conventions))


def _version(connues: Any, code: str, demande: Demande) -> Convention:
    versions = [v for v in connues if v.code == code]
    if not versions:
        raise ConventionInconnue(code)
    commencees = [v for v in versions if v.debut <= demande.periode.dernier_jour]
    trouvee: Convention = commencees[-1] if commencees else versions[0]
    return trouvee


def _valeur(version: Convention, nom: str) -> Any:
    """Une règle s'écrit seule ou avec sa source : `{valeur = 1, source = "…"}`."""
    regle = version.donnees.get(nom)
    return regle.get("valeur", regle) if isinstance(regle, dict) else regle
