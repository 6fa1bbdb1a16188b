"""L'appareil qui parle : à qui il est, s'il est révoqué, et ce qu'il a le droit de déposer."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.cloison import Cloison, changer
from app.instruction import Instruction
from app.models import Appareil, Utilisateur
from app.models.colonnes import InstantUTC
from sync.acces import DELAI_TARDIF
from sync.acteur import Acteur
from sync.erreur import Erreur

# Au-delà, la fraîcheur affichée à l'équipe vaut une écriture même sans rien à appliquer.
FRAICHEUR = dt.timedelta(minutes=5)


_APPAREIL = Instruction(
    lambda _: select(Appareil.utilisateur_id, Appareil.revoque_le, Appareil.dernier_echange_le).where(
        Appareil.structure_id == bindparam("structure"), Appareil.id == bindparam("appareil")
    )
)
_NOTER = Instruction(
    lambda _: (
        update(Appareil)
        .where(Appareil.structure_id == bindparam("structure"), Appareil.id == bindparam("appareil"))
        .values(
            dernier_echange_le=bindparam("maintenant", type_=InstantUTC()),
            vu_le=bindparam("maintenant", type_=InstantUTC()),
            ecart_horloge=bindparam("ecart"),
        )
    )
)


def verifier(session: Session, acteur: Acteur, appareil_id: str) -> bool:
    """L'appareil est enrôlé, à cet utilisateur, non révoqué. Rend vrai si sa fraîcheur est à noter."""
    revoque_le, dernier_echange_le = _lire(session, acteur, appareil_id)
    if revoque_le is not None:
        raise appareil_revoque()
    return dernier_echange_le is None or acteur.maintenant - dernier_echange_le > FRAICHEUR


def est_revoque(session: Session, acteur: Acteur, appareil_id: str) -> bool:
    """Pour un dépôt : l'appareil est à cet utilisateur, révoqué ou non."""
    return _lire(session, acteur, appareil_id)[0] is not None


def appareil_revoque() -> Erreur:
    return Erreur("appareil_revoque", "Cet appareil a été révoqué.", 410)


def appareil_d_un_autre() -> Erreur:
    """S'enrôler à nouveau sous cet identifiant n'y changerait rien."""
    return Erreur(
        "appareil_d_un_autre",
        "Cet appareil est celui d’une autre personne\u202f: reconnectez-vous sous son compte, ou installez-le à neuf.",
        409,
    )


def _lire(session: Session, acteur: Acteur, appareil_id: str) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Quand l'appareil a été révoqué, et quand il a échangé pour la dernière fois."""
    ligne = _APPAREIL.une(session, structure=acteur.structure_id, appareil=appareil_id)
    if ligne is None:
        raise Erreur("appareil_inconnu", "Cet appareil n'est pas enrôlé à votre nom : installez-le à nouveau.", 409)
    if ligne[0] != acteur.utilisateur_id:
        raise appareil_d_un_autre()
    return ligne[1], ligne[2]


def noter_echange(session: Session, acteur: Acteur, appareil_id: str, heure_appareil: dt.datetime) -> None:
    """La date du dernier échange et l'écart de l'horloge : une donnée, jamais un ordre."""
    ecart = round((heure_appareil - acteur.maintenant).total_seconds())
    _NOTER.executer(
        session,
        [
            {
                "structure": acteur.structure_id,
                "appareil": appareil_id,
                "maintenant": acteur.maintenant,
                # Une pile vide ramène une horloge à 1970 : l'écart est borné à ce qu'un entier garde.
                "ecart": max(-(2**31), min(2**31 - 1, ecart)),
            }
        ],
    )


def empreinte_du_secret(secret: str) -> str:
    """Ce qui est gardé d'un secret de dépôt : il a 256 bits, un hachage simple suffit."""
    return hashlib.sha256(secret.encode()).hexdigest()


def deposant(session: Session, autorisation: str, maintenant: dt.datetime) -> Acteur | None:
    """Qui dépose, d'après l'en-tête `Authorization: Appareil <id>.<secret>` ; None si rien ne l'établit.

    Ce secret n'autorise que le dépôt. Un appareil révoqué, ou un compte fermé, dépose encore trente jours ce qu'il
    avait noté ; c'est reçu et signalé au chef de service.
    """
    genre, _, valeur = autorisation.partition(" ")
    identifiant, _, secret = valeur.strip().partition(".")
    if genre.lower() != "appareil" or not secret or len(valeur) > 300:
        return None
    # Le secret n'ouvre que son appareil ; il dit la structure, où se lit son propriétaire.
    empreinte = empreinte_du_secret(secret)
    changer(session, Cloison(depot=empreinte))
    candidats = session.execute(
        select(Appareil.structure_id, Appareil.depot_empreinte).where(Appareil.id == identifiant)
    ).all()
    for structure_id, gardee in candidats:
        if hmac.compare_digest(gardee or "", empreinte):
            changer(session, structure_id)
            return _acteur_du_depot(session, structure_id, identifiant, maintenant)
    return None


def _acteur_du_depot(session: Session, structure_id: str, appareil_id: str, maintenant: dt.datetime) -> Acteur | None:
    ligne = session.execute(
        select(
            Appareil.utilisateur_id, Appareil.revoque_le, Utilisateur.role, Utilisateur.actif, Utilisateur.desactive_le
        )
        .join(
            Utilisateur,
            (Utilisateur.structure_id == Appareil.structure_id) & (Utilisateur.id == Appareil.utilisateur_id),
        )
        .where(Appareil.structure_id == structure_id, Appareil.id == appareil_id)
    ).one()
    fins = [fin for fin in (ligne.revoque_le, None if ligne.actif else ligne.desactive_le) if fin is not None]
    if any(maintenant - fin > DELAI_TARDIF for fin in fins) or (not ligne.actif and ligne.desactive_le is None):
        return None
    return Acteur(
        structure_id=structure_id,
        utilisateur_id=ligne.utilisateur_id,
        role=ligne.role,
        appareil_id=appareil_id,
        maintenant=maintenant,
        origine="scelle",
        revoque=bool(fins),
    )
