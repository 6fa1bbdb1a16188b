"""Ce qu'une convention règle de ses tableaux : décimales, et si les rendez-vous annulés par le service comptent."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.indicateurs.annee import Annee
from app.models import Convention


class ConventionInconnue(LookupError):
    """La structure n'a pas de convention de ce code."""


@dataclass(frozen=True)
class ReglesDuRapport:
    code: str
    decimales_rendez_vous: int
    decimales_sexe: int
    annules_comptes: bool


def lire_regles(session: Session, structure_id: str, code: str, annee: Annee) -> ReglesDuRapport:
    """Les règles de la version en vigueur cette année-là ; à défaut, de la version la plus proche."""
    versions = session.scalars(
        select(Convention)
        .where(Convention.structure_id == structure_id, Convention.code == code)
        .order_by(Convention.debut)
    ).all()
    if not versions:
        raise ConventionInconnue(code)
    commencees = [v for v in versions if v.debut <= annee.dernier_jour]
    version = commencees[-1] if commencees else versions[0]
    rendez_vous, sexe = (version.donnees.get(nom) or {} for nom in ("rapport_rendez_vous", "rapport_sexe"))
    return ReglesDuRapport(
        code=version.code,
        decimales_rendez_vous=int(_valeur(rendez_vous, "decimales", 1)),
        decimales_sexe=int(_valeur(sexe, "decimales", 0)),
        annules_comptes=bool(_valeur(rendez_vous, "annules_comptes", False)),
    )


def _valeur(regle: dict[str, Any], nom: str, defaut: object) -> Any:
    """Une règle s'écrit seule ou avec sa source : `{valeur = 1, source = "…"}`."""
    contenu = regle.get("valeur", regle)
    valeur = contenu.get(nom, defaut) if isinstance(contenu, dict) else defaut
    return valeur["valeur"] if isinstance(valeur, dict) else valeur
