"""La configuration est sûre sans réglage, et refuse d'être affaiblie."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from flask import request

from app import create_app
from app.base import db
from app.config import ConfigurationDangereuse, configuration, verifier_secret


def test_the_secret_is_drawn_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    premiere, seconde = configuration({}, tmp_path), configuration({}, tmp_path)
    assert premiere["SECRET_KEY"] == seconde["SECRET_KEY"]
    assert len(premiere["SECRET_KEY"]) == 64
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_a_secret_others_can_read_is_refused(tmp_path: Path) -> None:
    configuration({}, tmp_path)
    (tmp_path / "secret").chmod(0o644)
    with pytest.raises(ConfigurationDangereuse, match="chmod 600"):
        configuration({}, tmp_path)


@pytest.mark.parametrize("secret", ["dev", "changeme", "a" * 64, "court-mais-pas-assez-long"])
def test_a_weak_secret_is_refused_outside_a_demonstration(tmp_path: Path, secret: str) -> None:
    with pytest.raises(ConfigurationDangereuse):
        configuration({"SECRET_KEY": secret}, tmp_path)
    assert verifier_secret(secret, demonstration=True) == secret


def test_the_database_is_a_file_of_the_instance_unless_told_otherwise(tmp_path: Path) -> None:
    assert configuration({}, tmp_path)["DATABASE_URL"] == f"sqlite:///{tmp_path}/jalon.sqlite"
    assert configuration({"DATABASE_URL": "postgresql://x/y"}, tmp_path)["DATABASE_URL"] == "postgresql://x/y"


def test_a_relative_file_is_the_same_one_for_every_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = configuration({"DATABASE_URL": "sqlite:///ici.sqlite"}, tmp_path / "instance")
    assert config["DATABASE_URL"] == f"sqlite:///{tmp_path}/ici.sqlite"
    app = create_app(config)
    with app.app_context():
        assert db.engine.url.database == str(tmp_path / "ici.sqlite")
        db.engine.dispose()
    assert configuration({"DATABASE_URL": "sqlite:///:memory:"}, tmp_path)["DATABASE_URL"] == "sqlite:///:memory:"


def test_cookies_and_hosts_are_closed_by_default(tmp_path: Path) -> None:
    config = configuration({}, tmp_path)
    assert config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert config["SESSION_COOKIE_SECURE"]
    assert "localhost" in config["TRUSTED_HOSTS"]
    assert config["HSTS"]


def test_a_forwarded_address_is_believed_only_from_declared_relays(tmp_path: Path) -> None:
    vues = []
    for relais in ("0", "1"):
        base = f"sqlite:///{tmp_path / 'base.sqlite'}"
        app = create_app(configuration({"JALON_RELAIS": relais, "DATABASE_URL": base}, tmp_path))
        app.before_request(lambda: vues.append(request.remote_addr))
        app.test_client().get("/app.webmanifest", headers={"X-Forwarded-For": "198.51.100.7"})
        with app.app_context():
            db.engine.dispose()
    assert vues == ["127.0.0.1", "198.51.100.7"]
