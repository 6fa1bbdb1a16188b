"""Les téléphones de l'équipe, et de quand date ce qu'ils montrent. Ce qu'ils n'ont pas envoyé ne se sait pas."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.models import Appareil, Structure, Utilisateur

# En deçà, une montre est à l'heure pour ce qu'on lui demande.
ECART_DIT = dt.timedelta(minutes=5)


@dataclass(frozen=True)
class AppareilVu:
    """`ferme` : sans échange depuis plus longtemps que la structure ne le permet, son carnet ne s'ouvre plus."""

    id: str
    nom: str
    proprietaire: str
    ouvert: bool
    dernier_echange_le: dt.datetime | None
    enrole_le: dt.datetime
    revoque_le: dt.datetime | None
    jours: int | None
    ferme: bool
    montre: str | None


def lire(
    session: Session, structure_id: str, maintenant: dt.datetime, utilisateur_id: str | None = None
) -> list[AppareilVu]:
    """Ceux de l'équipe, ou d'une seule personne ; les plus récemment vus d'abord, les retirés à la fin."""
    bail = session.scalar(select(Structure.bail_jours).where(Structure.id == structure_id)) or 0
    requete = (
        select(Appareil, Utilisateur)
        .join(
            Utilisateur,
            and_(Utilisateur.structure_id == Appareil.structure_id, Utilisateur.id == Appareil.utilisateur_id),
        )
        .where(Appareil.structure_id == structure_id)
    )
    if utilisateur_id is not None:
        requete = requete.where(Appareil.utilisateur_id == utilisateur_id)
    vus = [_vu(appareil, qui, maintenant, bail) for appareil, qui in session.execute(requete)]
    zero = dt.datetime.min.replace(tzinfo=dt.UTC)
    vus.sort(key=lambda vu: (vu.dernier_echange_le or zero, vu.enrole_le), reverse=True)
    return sorted(vus, key=lambda vu: vu.revoque_le is not None)


def derniers_echanges(session: Session, structure_id: str) -> dict[str, tuple[int, dt.datetime | None]]:
    """Par compte : combien de téléphones en service, et le dernier échange de l'un d'eux."""
    requete = (
        select(Appareil.utilisateur_id, func.count(), func.max(Appareil.dernier_echange_le))
        .where(Appareil.structure_id == structure_id, Appareil.revoque_le.is_(None))
        .group_by(Appareil.utilisateur_id)
    )
    return {compte: (nombre, dernier) for compte, nombre, dernier in session.execute(requete)}


def _vu(appareil: Appareil, qui: Utilisateur, maintenant: dt.datetime, bail: int) -> AppareilVu:
    dernier = appareil.dernier_echange_le
    depuis = None if dernier is None else maintenant - dernier
    return AppareilVu(
        id=appareil.id,
        nom=appareil.nom,
        proprietaire=f"{qui.prenom} {qui.nom}".strip(),
        ouvert=qui.actif,
        dernier_echange_le=dernier,
        enrole_le=appareil.enrole_le,
        revoque_le=appareil.revoque_le,
        jours=None if depuis is None else max(0, depuis.days),
        ferme=depuis is not None and depuis > dt.timedelta(days=bail),
        montre=_montre(appareil.ecart_horloge),
    )


def _montre(ecart: int | None) -> str | None:
    """« en avance de 12 min », si l'écart compte."""
    if ecart is None or abs(ecart) < ECART_DIT.total_seconds():
        return None
    minutes = abs(ecart) // 60
    duree = f"{minutes}\u202fmin" if minutes < 120 else f"{minutes // 60}\u202fh"
    if minutes >= 48 * 60:
        duree = f"{minutes // 1440}\u202fjours"
    return f"en {'avance' if ecart > 0 else 'retard'} de {duree}"
