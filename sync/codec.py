"""Compresser et décompresser les corps, sans jamais se laisser gonfler."""

from __future__ import annotations

import zlib

import brotli  # type: ignore[import-untyped]  # ce paquet ne publie pas ses types

from sync.erreur import Erreur

LIMITE_COMPRESSEE = 4 * 1024 * 1024
LIMITE = 16 * 1024 * 1024
# En dessous, les en-têtes coûtent plus que ce que la compression gagne.
SEUIL = 512
QUALITE_BROTLI = 5
NIVEAU_GZIP = 6


def decompresser(corps: bytes, encodage: str | None, limite: int = LIMITE) -> bytes:
    """Le corps en clair. `encodage` est l'en-tête Content-Encoding ; lève `Erreur` 413, 415 ou 400."""
    if len(corps) > LIMITE_COMPRESSEE:
        raise trop_volumineux()
    nom = (encodage or "").strip().lower()
    if nom in ("", "identity"):
        return corps
    if nom == "gzip":
        return _gunzip(corps, limite)
    if nom == "br":
        return _debrotli(corps, limite)
    raise Erreur("encodage_inconnu", "Le corps peut être envoyé tel quel, en gzip ou en brotli.", 415)


def compresser(corps: bytes, acceptes: str | None, qualite: int = QUALITE_BROTLI) -> tuple[bytes, str | None]:
    """Le corps à envoyer et son Content-Encoding, selon l'en-tête Accept-Encoding de la demande."""
    if len(corps) < SEUIL:
        return corps, None
    preferences = _preferences(acceptes)
    if preferences.get("br", preferences.get("*", 0.0)) > 0:
        compresse: bytes = brotli.compress(corps, quality=qualite)
        return compresse, "br"
    if preferences.get("gzip", preferences.get("*", 0.0)) > 0:
        return zlib.compress(corps, NIVEAU_GZIP, wbits=31), "gzip"
    return corps, None


def trop_volumineux() -> Erreur:
    return Erreur("trop_volumineux", "Cet envoi est trop volumineux\u202f: il est à couper en plusieurs.", 413)


def _illisible() -> Erreur:
    return Erreur("demande_invalide", "Le corps compressé n’est pas lisible.", 400)


def _gunzip(corps: bytes, limite: int) -> bytes:
    lecteur = zlib.decompressobj(wbits=31)
    try:
        clair = lecteur.decompress(corps, limite + 1)
    except zlib.error:
        raise _illisible() from None
    if len(clair) > limite:
        raise trop_volumineux()
    if not lecteur.eof or lecteur.unused_data:
        raise _illisible()
    return clair


def _debrotli(corps: bytes, limite: int) -> bytes:
    lecteur = brotli.Decompressor()
    try:
        clair = bytearray(lecteur.process(corps, output_buffer_limit=limite + 1))
        while not lecteur.can_accept_more_data() and not lecteur.is_finished() and len(clair) <= limite:
            clair += lecteur.process(b"", output_buffer_limit=limite + 1 - len(clair))
    except brotli.error:
        raise _illisible() from None
    if len(clair) > limite:
        raise trop_volumineux()
    if not lecteur.is_finished():
        raise _illisible()
    return bytes(clair)


def _preferences(acceptes: str | None) -> dict[str, float]:
    preferences: dict[str, float] = {}
    for element in (acceptes or "")[:200].split(","):
        nom, _, poids = element.partition(";")
        try:
            preferences[nom.strip().lower()] = float(poids.partition("=")[2]) if poids else 1.0
        except ValueError:
            preferences[nom.strip().lower()] = 0.0
    return preferences
