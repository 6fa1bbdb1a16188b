"""L'autorité locale : ce qu'elle signe, et ce qu'elle ne peut pas signer."""

from __future__ import annotations

import datetime as dt
import ipaddress
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from app.commandes.certificats import certificat_local

ADRESSE = "192.168.1.20"


def lire(fichier: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(fichier.read_bytes())


def test_the_certificate_names_this_machine_and_its_addresses(tmp_path: Path) -> None:
    autorite, certificat, cle = certificat_local(tmp_path, [ADRESSE])
    noms = lire(certificat).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "localhost" in noms.get_values_for_type(x509.DNSName)
    assert ipaddress.ip_address(ADRESSE) in noms.get_values_for_type(x509.IPAddress)
    lire(certificat).verify_directly_issued_by(lire(autorite))
    assert all(stat.S_IMODE(f.stat().st_mode) == 0o600 for f in (cle, tmp_path / "autorite.cle"))


def test_it_lasts_less_than_what_ios_refuses(tmp_path: Path) -> None:
    certificat = lire(certificat_local(tmp_path, [])[1])
    assert certificat.not_valid_after_utc - certificat.not_valid_before_utc < dt.timedelta(days=398)


def test_it_is_made_again_only_when_an_address_changes(tmp_path: Path) -> None:
    premier = certificat_local(tmp_path, [ADRESSE])[1].read_bytes()
    assert certificat_local(tmp_path, [ADRESSE])[1].read_bytes() == premier
    autorite = (tmp_path / "autorite.crt").read_bytes()
    assert certificat_local(tmp_path, ["10.0.0.7"])[1].read_bytes() != premier
    assert (tmp_path / "autorite.crt").read_bytes() == autorite


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl n'est pas installé")
def test_the_authority_cannot_speak_for_a_public_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    autorite, certificat, _ = certificat_local(tmp_path, [ADRESSE])

    def verifie() -> bool:
        fait = subprocess.run(["openssl", "verify", "-CAfile", autorite, certificat], capture_output=True, check=False)
        return fait.returncode == 0

    assert verifie()
    public = x509.DNSName("banque.example")
    certificat.unlink()
    with monkeypatch.context() as detourne:
        detourne.setattr(x509, "DNSName", lambda _: public)
        certificat_local(tmp_path, [ADRESSE])
    assert not verifie()


def test_the_name_says_what_it_is(tmp_path: Path) -> None:
    nom = lire(certificat_local(tmp_path, [])[0]).subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    assert nom.startswith("Jalon, autorité locale")
