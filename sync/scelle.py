"""Les enveloppes scellées : ce qu'un téléphone verrouillé envoie sans pouvoir le relire.

Enveloppe : clé publique éphémère (65 octets) ‖ vecteur (12) ‖ chiffré AES-256-GCM. La clé vient d'un échange ECDH
P-256 puis de HKDF-SHA256 ; l'identifiant de l'opération lie l'enveloppe à elle seule. La clé privée de la structure
est gardée chiffrée par une clé dérivée du secret de l'application : une sauvegarde de la base ne suffit pas à ouvrir.
"""

from __future__ import annotations

import base64
import datetime as dt
import os
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.instruction import Instruction
from app.models import CleScellement

POINT = 65
VECTEUR = 12


class EnveloppeIllisible(ValueError):
    """L'enveloppe ne s'ouvre pas : abîmée, ou scellée pour une autre clé."""


_CLE_COURANTE = Instruction(
    lambda _: (
        select(CleScellement.id, CleScellement.publique)
        .where(CleScellement.structure_id == bindparam("structure"), CleScellement.retiree_le.is_(None))
        .order_by(CleScellement.cree_le.desc(), CleScellement.id.desc())
        .limit(1)
    )
)


def cle_courante(session: Session, structure_id: str) -> dict[str, Any] | None:
    """`{"id", "publique"}` de la clé qui scelle aujourd'hui, ou None si la structure n'en a pas."""
    ligne = _CLE_COURANTE.une(session, structure=structure_id)
    return None if ligne is None else {"id": ligne[0], "publique": ligne[1]}


def assurer_cle(session: Session, structure_id: str, secret: str, maintenant: dt.datetime) -> dict[str, Any]:
    """La clé de la structure, créée si elle manque (dans une transaction d'écriture)."""
    existante = cle_courante(session, structure_id)
    if existante is not None:
        return existante
    privee = ec.generate_private_key(ec.SECP256R1())
    identifiant = str(uuid7())
    octets = privee.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    publique = jwk(privee.public_key())
    session.add(
        CleScellement(
            structure_id=structure_id,
            id=identifiant,
            publique=publique,
            privee=_chiffrer_cle(octets, secret, structure_id, identifiant),
            cree_le=maintenant,
        )
    )
    session.flush()
    return {"id": identifiant, "publique": publique}


def lire_cles(
    session: Session, structure_id: str, identifiants: Sequence[str], secrets: Sequence[str]
) -> dict[str, ec.EllipticCurvePrivateKey]:
    """Les clés privées demandées qui existent, retirées comprises. `secrets` : le courant, puis les précédents."""
    requete = select(CleScellement.id, CleScellement.privee).where(
        CleScellement.structure_id == structure_id, CleScellement.id.in_(sorted(set(identifiants)))
    )
    cles = {}
    for identifiant, chiffree in session.execute(requete):
        octets = _dechiffrer_cle(chiffree, secrets, structure_id, identifiant)
        lue = serialization.load_der_private_key(octets, password=None)
        assert isinstance(lue, ec.EllipticCurvePrivateKey)  # noqa: S101  # nous l'avons écrite, pour le typage
        cles[identifiant] = lue
    return cles


def ouvrir(cle: ec.EllipticCurvePrivateKey, operation_id: str, donnees: str) -> bytes:
    """Le JSON de l'opération scellée. `donnees` : l'enveloppe en base64url. Lève `EnveloppeIllisible`."""
    try:
        octets = base64.b64decode(donnees + "=" * (-len(donnees) % 4), altchars=b"-_", validate=True)
        # Le constructeur refuse un point hors de la courbe.
        ephemere = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), octets[:POINT])
        vecteur, chiffre = octets[POINT : POINT + VECTEUR], octets[POINT + VECTEUR :]
        partage = cle.exchange(ec.ECDH(), ephemere)
        return AESGCM(_cle_d_enveloppe(partage, operation_id)).decrypt(vecteur, chiffre, operation_id.encode())
    except (ValueError, InvalidTag):
        raise EnveloppeIllisible(operation_id) from None


def sceller(publique: ec.EllipticCurvePublicKey, operation_id: str, clair: bytes) -> str:
    """Une enveloppe, comme le téléphone les fait : la forme que `ouvrir` attend."""
    ephemere = ec.generate_private_key(ec.SECP256R1())
    vecteur = os.urandom(VECTEUR)
    partage = ephemere.exchange(ec.ECDH(), publique)
    chiffre = AESGCM(_cle_d_enveloppe(partage, operation_id)).encrypt(vecteur, clair, operation_id.encode())
    point = ephemere.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return _base64url(point + vecteur + chiffre)


def jwk(publique: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """La clé publique telle que WebCrypto l'importe."""
    nombres = publique.public_numbers()
    return {
        "kty": "EC",
        "crv": "P-256",
        "x": _base64url(nombres.x.to_bytes(32, "big")),
        "y": _base64url(nombres.y.to_bytes(32, "big")),
    }


def _cle_d_enveloppe(partage: bytes, operation_id: str) -> bytes:
    info = f"jalon scellement v1|{operation_id}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=b"", info=info).derive(partage)


def _cle_de_garde(secret: str, structure_id: str, identifiant: str) -> bytes:
    info = f"jalon garde de clé v1|{structure_id}|{identifiant}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=b"", info=info).derive(secret.encode())


def _chiffrer_cle(octets: bytes, secret: str, structure_id: str, identifiant: str) -> bytes:
    vecteur = os.urandom(VECTEUR)
    garde = AESGCM(_cle_de_garde(secret, structure_id, identifiant))
    return vecteur + garde.encrypt(vecteur, octets, f"{structure_id}|{identifiant}".encode())


def _dechiffrer_cle(chiffree: bytes, secrets: Sequence[str], structure_id: str, identifiant: str) -> bytes:
    for secret in secrets:
        garde = AESGCM(_cle_de_garde(secret, structure_id, identifiant))
        try:
            return garde.decrypt(chiffree[:VECTEUR], chiffree[VECTEUR:], f"{structure_id}|{identifiant}".encode())
        except InvalidTag:
            continue
    raise EnveloppeIllisible("la clé de la structure ne s'ouvre avec aucun secret de l'application")


def _base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
