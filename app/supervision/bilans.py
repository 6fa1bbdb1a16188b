"""Les bilans que la structure remet à ses financeurs : ceux qui sont dus, ceux qui sont remis."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from app.domain.convention.formes import en_date
from app.domain.echeance.structure import couvre, echeances_de_structure
from app.supervision.conventions import Fiche, versions_de
from sync.conventions import bilans_remis


def a_remettre(session: Session, structure_id: str, maintenant: str) -> list[Fiche]:
    """Les lignes de `echeances_de_structure`, chacune avec l'`url` où elle se règle."""
    return _dus(session, structure_id, maintenant, bilans_remis(session, structure_id))


def d_une_version(session: Session, structure_id: str, version: Fiche, maintenant: str) -> list[Fiche]:
    """Ses bilans dus, puis remis, le dernier d'abord : `{texte, etat, url}`."""
    code, nom = version["code"], version["version"]
    remis = bilans_remis(session, structure_id)
    dus = [
        {"texte": due["titre"], "etat": due["etat"], "url": due["url"]}
        for due in _dus(session, structure_id, maintenant, remis)
        if (due["convention"], due["version"]) == (code, nom)
    ]
    faits = [
        {
            "texte": f"Bilan {annee} remis au financeur le {en_date(jour)}",
            "etat": "remis",
            "url": adresse(code, nom, annee),
        }
        for (siens, annee), jour in sorted(remis.items(), reverse=True)
        if siens == code and couvre(version, annee)
    ]
    return dus + faits


def adresse(code: str, version: str, annee: int) -> str:
    return f"/conventions/{code}/{version}/bilans/{annee}"


def _dus(session: Session, structure_id: str, maintenant: str, remis: Collection[tuple[str, int]]) -> list[Fiche]:
    dues = echeances_de_structure(versions_de(session, structure_id), maintenant, remis)
    return [due | {"url": adresse(due["convention"], due["version"], due["annee"])} for due in dues]
