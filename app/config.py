"""Configuration : lue de l'environnement, sûre sans rien régler, et qui refuse d'être affaiblie."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

RACINE = Path(__file__).resolve().parent.parent
INSTANCE = RACINE / "instance"

# 256 bits écrits en hexadécimal font 64 signes ; en dessous de la moitié on refuse de démarrer.
LONGUEUR_MINIMALE_SECRET = 32
_SECRETS_CONNUS = {"dev", "secret", "secret_key", "changeme", "change-me", "password", "jalon", "demo", "test"}


class ConfigurationDangereuse(RuntimeError):  # un nom français ne finit pas par Error
    """L'application ne démarre pas avec ce réglage ; le message dit quoi faire."""


def configuration(environnement: Mapping[str, str] | None = None, instance: Path = INSTANCE) -> dict[str, Any]:
    """Les réglages de l'application, pris de l'environnement ou à leur valeur sûre."""
    env = os.environ if environnement is None else environnement
    demonstration = _oui(env.get("JALON_DEMO"))
    defaut = f"sqlite:///{instance / 'jalon.sqlite'}"
    return {
        "DATABASE_URL": _adresse_entiere(env.get("DATABASE_URL") or defaut),
        "SECRET_KEY": verifier_secret(env["SECRET_KEY"], demonstration)
        if env.get("SECRET_KEY")
        else secret_de_l_instance(instance),
        # Les secrets d'avant : ils vérifient encore ce qu'ils ont signé et ouvrent ce qu'ils ont scellé.
        "SECRET_KEY_FALLBACKS": [mot for mot in env.get("JALON_ANCIENS_SECRETS", "").split(",") if mot],
        "DEMONSTRATION": demonstration,
        "INSTANCE": str(instance),
        # Le plus gros envoi légitime est un échange compressé ; la décompression a sa propre limite.
        "MAX_CONTENT_LENGTH": 4 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 512 * 1024,
        "MAX_FORM_PARTS": 500,
        "TRUSTED_HOSTS": _hotes(env.get("TRUSTED_HOSTS", ""), demonstration),
        # Nombre de relais placés devant l'application et dont l'en-tête X-Forwarded-For est croyable.
        "RELAIS_DE_CONFIANCE": int(env.get("JALON_RELAIS", "0")),
        "HSTS": _oui(env.get("JALON_HSTS", "non" if demonstration else "oui")),
        "SESSION_COOKIE_NAME": "__Host-jalon",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        # Un poste de bureau est fermé vite ; un téléphone enrôlé a son coffre et son verrou.
        "SESSION_INACTIVITE": timedelta(hours=2),
        "SESSION_DUREE": timedelta(hours=12),
        "SESSION_INACTIVITE_APPAREIL": timedelta(days=3),
        "SESSION_DUREE_APPAREIL": timedelta(days=7),
        "PREUVE_DUREE": timedelta(minutes=5),
        # Préparer de nouveau un téléphone qui l'a déjà été : le mot de passe date de moins que cela.
        "MOT_DE_PASSE_FRAICHEUR": timedelta(minutes=30),
        # Emporter un fichier : le mot de passe date de moins que cela.
        "SORTIE_FRAICHEUR": timedelta(minutes=10),
        # Le jeton vit autant que la session : une page gardée hors ligne ne doit pas périmer en une heure.
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_SSL_STRICT": True,
        "JSON_AS_ASCII": False,
    }


def _adresse_entiere(adresse: str) -> str:
    """Un fichier SQLite dit en relatif l'est d'ici : chaque lecteur de cette adresse ouvre le même."""
    debut, fichier = "sqlite:///", adresse.removeprefix("sqlite:///")
    if not adresse.startswith(debut) or not fichier or fichier.startswith(("/", ":memory:", "file:")):
        return adresse
    return f"{debut}{Path.cwd() / fichier}"


def secret_de_l_instance(instance: Path) -> str:
    """Le secret de cette installation, tiré au premier démarrage et lisible de son seul propriétaire."""
    fichier = instance / "secret"
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        # O_EXCL : deux processus qui démarrent ensemble n'écrivent pas deux secrets.
        descripteur = os.open(fichier, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descripteur, "w") as sortie:
            sortie.write(secrets.token_hex(32))
    if fichier.stat().st_mode & 0o077:
        raise ConfigurationDangereuse(f"{fichier} est lisible par d'autres que vous : chmod 600 {fichier}")
    return verifier_secret(fichier.read_text().strip(), demonstration=False)


def verifier_secret(secret: str, demonstration: bool) -> str:
    """Refuse un secret court, connu ou monotone. La démonstration, sans donnée vraie, l'accepte."""
    faible = len(secret) < LONGUEUR_MINIMALE_SECRET or secret.lower() in _SECRETS_CONNUS or len(set(secret)) < 8
    if faible and not demonstration:
        raise ConfigurationDangereuse(
            "SECRET_KEY est trop faible. Laissez-la vide pour qu'un secret soit tiré dans instance/secret, "
            "ou donnez-en un : python -c 'import secrets; print(secrets.token_hex(32))'"
        )
    return secret


def secrets_de_signature(config: Mapping[str, Any]) -> list[str]:
    """Le secret courant, puis les anciens."""
    return [str(config["SECRET_KEY"]), *config.get("SECRET_KEY_FALLBACKS", ())]


def _hotes(valeur: str, demonstration: bool) -> list[str] | None:
    hotes = [hote.strip() for hote in valeur.split(",") if hote.strip()]
    if hotes:
        return hotes
    # En démonstration l'adresse du réseau local n'est pas connue d'avance.
    return None if demonstration else ["localhost", "127.0.0.1", "[::1]"]


def _oui(valeur: str | None) -> bool:
    return (valeur or "").strip().lower() in {"1", "oui", "o", "true", "vrai", "yes"}
