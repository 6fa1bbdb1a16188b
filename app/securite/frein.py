"""Le frein aux essais de connexion : de plus en plus lent, jamais fermé pour toujours.

Chaque essai compte *avant* la vérification, dans une transaction d'écriture : cent essais lancés ensemble
sur deux processus ne passent pas plus que cinq lancés l'un après l'autre. Une réussite efface le compte.
Un compte inconnu est freiné comme un compte connu : le frein ne dit pas qui existe.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import ipaddress
from dataclasses import dataclass

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.base import ecriture
from app.cloison import FREIN
from app.models import Tentative

_OUBLI = dt.timedelta(hours=24)


@dataclass(frozen=True)
class Bareme:
    """`libres` essais sans attente, puis une attente qui double à chaque échec jusqu'au `plafond`."""

    libres: int
    premiere_attente: int
    plafond: int

    def attente(self, echecs: int) -> dt.timedelta:
        if echecs < self.libres:
            return dt.timedelta(0)
        doublements = min(echecs - self.libres, 20)
        return dt.timedelta(seconds=min(self.premiere_attente * 2**doublements, self.plafond))


COMPTE = Bareme(libres=5, premiere_attente=5, plafond=15 * 60)
# Toute une association sort par la même adresse : elle a plus de marge qu'un compte.
ADRESSE = Bareme(libres=30, premiere_attente=2, plafond=5 * 60)


@dataclass(frozen=True)
class Essai:
    """Un essai de connexion : les compteurs qu'il touche, chacun avec son barème."""

    compteurs: tuple[tuple[str, Bareme], ...]


def essai(secret: str, identifiant: str, adresse: str | None, appareil_id: str | None) -> Essai:
    """Les compteurs d'un essai.

    Un appareil déjà enrôlé a son propre compteur : celui qui s'acharne d'ailleurs sur un compte
    ne ferme pas la porte à sa propriétaire.
    """
    compte = _cle(secret, "compte", identifiant.strip().lower(), appareil_id or "")
    return Essai(((compte, COMPTE), (_cle(secret, "adresse", _reseau(adresse)), ADRESSE)))


def demander(tentative: Essai, maintenant: dt.datetime) -> int:
    """Secondes à attendre avant de pouvoir essayer ; 0 : l'essai est compté, on peut vérifier."""
    with ecriture(FREIN) as base:
        base.execute(delete(Tentative).where(Tentative.derniere_le < maintenant - _OUBLI))
        lignes = [(_ligne(base, cle, maintenant), bareme) for cle, bareme in tentative.compteurs]
        attente = max((_reste(ligne, bareme, maintenant) for ligne, bareme in lignes), default=0)
        if attente:
            return attente
        for ligne, bareme in lignes:
            ligne.echecs += 1
            ligne.derniere_le = maintenant
            ligne.attendre_jusqu_au = maintenant + bareme.attente(ligne.echecs)
    return 0


def reussir(tentative: Essai) -> None:
    """Efface l'ardoise du compte ; rend à l'adresse le seul essai de cette réussite."""
    (compte, _), *autres = tentative.compteurs
    with ecriture(FREIN) as base:
        base.execute(delete(Tentative).where(Tentative.id == compte))
        for cle, _ in autres:
            base.execute(
                update(Tentative)
                .where(Tentative.id == cle, Tentative.echecs > 0)
                .values(echecs=Tentative.echecs - 1, attendre_jusqu_au=None)
            )


def patience(secondes: int) -> str:
    """Ce qui se dit à qui doit attendre."""
    duree = f"{secondes} seconde{'s' if secondes > 1 else ''}" if secondes < 120 else f"{round(secondes / 60)} minutes"
    return f"Trop d’essais à la suite. Attendez {duree} avant de recommencer."


def _ligne(base: Session, cle: str, maintenant: dt.datetime) -> Tentative:
    """Le compteur, verrouillé jusqu'à la fin de la transaction."""
    ligne = base.get(Tentative, ("", cle), with_for_update=True)
    if ligne is not None:
        return ligne
    neuve = Tentative(structure_id="", id=cle, echecs=0, premiere_le=maintenant, derniere_le=maintenant)
    try:
        with base.begin_nested():
            base.add(neuve)
    except IntegrityError:
        # PostgreSQL : un autre processus vient de le créer.
        return base.get_one(Tentative, ("", cle), with_for_update=True)
    return neuve


def _reste(ligne: Tentative, bareme: Bareme, maintenant: dt.datetime) -> int:
    if ligne.attendre_jusqu_au is None or ligne.attendre_jusqu_au <= maintenant:
        return 0
    if ligne.attendre_jusqu_au > maintenant + dt.timedelta(seconds=bareme.plafond):
        # Plus long que toute attente : l'horloge du serveur a reculé depuis. L'essai passe, et compte.
        return 0
    return int((ligne.attendre_jusqu_au - maintenant).total_seconds()) + 1


def _reseau(adresse: str | None) -> str:
    """L'adresse, ou en IPv6 son réseau /64 : un abonné en possède des milliards."""
    try:
        lue = ipaddress.ip_address(adresse or "")
    except ValueError:
        return "inconnue"
    if isinstance(lue, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((lue, 64), strict=False))
    return str(lue)


def _cle(secret: str, *morceaux: str) -> str:
    # Avec une clé : la table ne doit pas permettre de retrouver les courriels essayés.
    return hmac.new(secret.encode(), "|".join(morceaux).encode(), hashlib.sha256).hexdigest()
