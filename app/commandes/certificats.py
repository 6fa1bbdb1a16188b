"""L'autorité de certification locale : un contexte sûr (HTTPS) pour essayer sur un vrai téléphone.

L'autorité ne peut signer que pour cette machine et les réseaux privés (contrainte de noms) : l'installer
sur un téléphone ne permet à personne de se faire passer pour un autre site.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_DUREE_AUTORITE = timedelta(days=5 * 365)
# iOS refuse un certificat de serveur valable plus de 398 jours.
_DUREE_SERVEUR = timedelta(days=397)
_RESEAUX_PRIVES = (
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "::1/128",
    "fc00::/7",
)


def adresses_locales() -> list[str]:
    """Les adresses IPv4 de cette machine sur son réseau, la plus probable d'abord."""
    trouvees: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sonde, contextlib.suppress(OSError):
        # Rien n'est envoyé : le système choisit seulement l'interface qui servirait.
        sonde.connect(("192.0.2.1", 9))
        trouvees.append(sonde.getsockname()[0])
    with contextlib.suppress(OSError):
        trouvees += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    privees = [adresse for adresse in dict.fromkeys(trouvees) if _est_privee(adresse)]
    return [adresse for adresse in privees if not adresse.startswith("127.")]


def certificat_local(dossier: Path, adresses: list[str]) -> tuple[Path, Path, Path]:
    """(autorité, certificat, clé) prêts à servir ; refaits si une adresse a changé ou si la date approche."""
    dossier.mkdir(mode=0o700, parents=True, exist_ok=True)
    autorite, certificat, cle = dossier / "autorite.crt", dossier / "serveur.crt", dossier / "serveur.cle"
    cle_autorite, certificat_autorite = _autorite(dossier)
    if not _convient(certificat, cle, adresses, certificat_autorite):
        nouvelle_cle = ec.generate_private_key(ec.SECP256R1())
        nouveau = _signer_serveur(nouvelle_cle, cle_autorite, certificat_autorite, adresses)
        _ecrire(cle, _pem_prive(nouvelle_cle))
        _ecrire(certificat, nouveau.public_bytes(serialization.Encoding.PEM))
    return autorite, certificat, cle


def _autorite(dossier: Path) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    fichier_cle, fichier = dossier / "autorite.cle", dossier / "autorite.crt"
    if fichier_cle.exists() and fichier.exists():
        cle = serialization.load_pem_private_key(fichier_cle.read_bytes(), None)
        certificat = x509.load_pem_x509_certificate(fichier.read_bytes())
        if isinstance(cle, ec.EllipticCurvePrivateKey) and certificat.not_valid_after_utc > _dans(_DUREE_SERVEUR):
            return cle, certificat
    cle = ec.generate_private_key(ec.SECP256R1())
    nom = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Jalon, autorité locale ({socket.gethostname()})")])
    certificat = (
        _ebauche(nom, nom, cle, _DUREE_AUTORITE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signe_certificats=True), critical=True)
        .add_extension(
            x509.NameConstraints(
                permitted_subtrees=[
                    x509.DNSName("localhost"),
                    x509.DNSName("local"),
                    *(x509.IPAddress(ipaddress.ip_network(reseau)) for reseau in _RESEAUX_PRIVES),
                ],
                excluded_subtrees=None,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(cle.public_key()), critical=False)
        .sign(cle, hashes.SHA256())
    )
    _ecrire(fichier_cle, _pem_prive(cle))
    _ecrire(fichier, certificat.public_bytes(serialization.Encoding.PEM))
    return cle, certificat


def _signer_serveur(
    cle: ec.EllipticCurvePrivateKey,
    cle_autorite: ec.EllipticCurvePrivateKey,
    autorite: x509.Certificate,
    adresses: list[str],
) -> x509.Certificate:
    sujet = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Jalon sur cette machine")])
    noms: list[x509.GeneralName] = [x509.DNSName("localhost")]
    machine = socket.gethostname().split(".")[0].lower()
    if machine.replace("-", "").isalnum() and machine.isascii() and machine != "localhost":
        noms.append(x509.DNSName(f"{machine}.local"))
    noms += [x509.IPAddress(ipaddress.ip_address(adresse)) for adresse in ("127.0.0.1", "::1", *adresses)]
    return (
        _ebauche(sujet, autorite.subject, cle, _DUREE_SERVEUR)
        .add_extension(x509.SubjectAlternativeName(noms), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signe_certificats=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(cle_autorite.public_key()), critical=False)
        .sign(cle_autorite, hashes.SHA256())
    )


def _ebauche(
    sujet: x509.Name, emetteur: x509.Name, cle: ec.EllipticCurvePrivateKey, duree: timedelta
) -> x509.CertificateBuilder:
    # Une heure d'avance : un téléphone dont l'horloge retarde doit accepter le certificat du jour.
    return (
        x509.CertificateBuilder()
        .subject_name(sujet)
        .issuer_name(emetteur)
        .public_key(cle.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_dans(timedelta(hours=-1)))
        .not_valid_after(_dans(duree))
    )


def _usage(signe_certificats: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signe_certificats,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signe_certificats,
        crl_sign=signe_certificats,
        encipher_only=False,
        decipher_only=False,
    )


def _convient(certificat: Path, cle: Path, adresses: list[str], autorite: x509.Certificate) -> bool:
    if not (certificat.exists() and cle.exists()):
        return False
    lu = x509.load_pem_x509_certificate(certificat.read_bytes())
    noms = lu.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    connues = {str(adresse) for adresse in noms.get_values_for_type(x509.IPAddress)}
    meme_autorite = lu.issuer == autorite.subject and lu.not_valid_before_utc >= autorite.not_valid_before_utc
    return meme_autorite and set(adresses) <= connues and lu.not_valid_after_utc > _dans(timedelta(days=7))


def _est_privee(adresse: str) -> bool:
    return any(ipaddress.ip_address(adresse) in ipaddress.ip_network(reseau) for reseau in _RESEAUX_PRIVES[:5])


def _pem_prive(cle: ec.EllipticCurvePrivateKey) -> bytes:
    return cle.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _ecrire(fichier: Path, contenu: bytes) -> None:
    """Remplace le fichier d'un coup, lisible de son seul propriétaire."""
    provisoire = fichier.with_name(fichier.name + ".nouveau")
    with os.fdopen(os.open(provisoire, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as sortie:
        sortie.write(contenu)
    provisoire.replace(fichier)


def _dans(duree: timedelta) -> datetime:
    return datetime.now(UTC) + duree
