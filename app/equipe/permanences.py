"""Les permanences : les lire, en écrire, en retirer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import dates
from app.domain.permanence import en_minutes
from app.models import Permanence

PAS: Final = (15, 20, 30, 45, 60, 90)
CHAMPS: Final = ("utilisateur", "lieu", "jour", "semaines", "de", "a", "pas", "du", "au")


@dataclass
class Saisie:
    """Une permanence telle qu'elle a été tapée, ce qui s'y oppose, et ce qui s'enregistre sinon."""

    f: dict[str, str]
    erreurs: dict[str, str] = field(default_factory=dict)
    lues: dict[str, Any] = field(default_factory=dict)


def lire(session: Session, structure_id: str, utilisateur_id: str | None = None) -> list[Permanence]:
    """Celles de quelqu'un, ou de tous ; par jour puis par heure."""
    requete = select(Permanence).where(Permanence.structure_id == structure_id)
    if utilisateur_id is not None:
        requete = requete.where(Permanence.utilisateur_id == utilisateur_id)
    return sorted(session.scalars(requete), key=lambda p: (p.jour, p.de, p.id))


def neuve(utilisateur_id: str, jour: str) -> Saisie:
    connus = {"utilisateur": utilisateur_id, "jour": "0", "semaines": "1", "de": "09:00", "a": "12:00", "pas": "45"}
    return Saisie(dict.fromkeys(CHAMPS, "") | connus | {"du": jour})


def telle_quelle(permanence: Permanence) -> Saisie:
    p = permanence
    textes = {"utilisateur": p.utilisateur_id, "lieu": p.lieu_id, "de": p.de, "a": p.a, "du": p.du.isoformat()}
    nombres = {"jour": str(p.jour), "semaines": str(p.semaines), "pas": str(p.pas)}
    return Saisie(textes | nombres | {"au": p.au.isoformat() if p.au else ""})


def lire_saisie(saisie: Mapping[str, str], utilisateurs: Collection[str], lieux: Collection[str]) -> Saisie:
    f = {champ: saisie.get(champ, "").strip() for champ in CHAMPS}
    lu, heures = Saisie(f), {champ: dates.lire_heure(f[champ]) for champ in ("de", "a")}
    du, au = dates.lire_jour(f["du"]), dates.lire_jour(f["au"])
    pas = int(f["pas"]) if f["pas"] in map(str, PAS) else 0
    fautes = {
        "utilisateur": (f["utilisateur"] in utilisateurs, "Choisissez qui reçoit."),
        "lieu": (f["lieu"] in lieux, "Choisissez un lieu."),
        "jour": (f["jour"] in tuple("0123456"), "Choisissez le jour."),
        "semaines": (f["semaines"] in ("1", "2"), "Toutes les semaines, ou une sur deux."),
        "de": (heures["de"], "Indiquez l’heure où elle commence."),
        "a": (heures["a"], "Indiquez l’heure où elle finit."),
        "pas": (pas, "Choisissez la durée d’un créneau."),
        "du": (du, "Indiquez le premier jour."),
        "au": (au or not f["au"], "Cette date n’existe pas."),
    }
    lu.erreurs = {champ: message for champ, (juste, message) in fautes.items() if not juste}
    if heures["de"] and heures["a"] and pas and en_minutes(heures["de"]) + pas > en_minutes(heures["a"]):
        lu.erreurs["a"] = "La plage est plus courte qu’un créneau."
    if du and au and au < du:
        lu.erreurs["au"] = "Le dernier jour vient avant le premier."
    if not lu.erreurs:
        lu.lues = {"utilisateur_id": f["utilisateur"], "lieu_id": f["lieu"], "pas": pas, **heures}
        lu.lues |= {"jour": int(f["jour"]), "semaines": int(f["semaines"])}
        lu.lues |= {"du": dt.date.fromisoformat(du or ""), "au": dt.date.fromisoformat(au) if au else None}
    return lu


def enregistrer(
    session: Session, structure_id: str, identifiant: str, lues: Mapping[str, Any], par_id: str, maintenant: dt.datetime
) -> None:
    """Envoyé deux fois, le formulaire n'en fait qu'une."""
    session.merge(Permanence(structure_id=structure_id, id=identifiant, par_id=par_id, le=maintenant, **lues))


def retirer(session: Session, structure_id: str, identifiant: str) -> None:
    """Les rendez-vous déjà proposés restent."""
    permanence = session.get(Permanence, (structure_id, identifiant))
    if permanence is not None:
        session.delete(permanence)
