"""La preuve, de courte durée, que le coffre d'un appareil est ouvert.

Sur un appareil enrôlé, c'est le service worker qui répond et le verrou qui protège. Une page rechargée
en contournant le worker n'est servie que si le coffre a parlé au serveur il y a peu. Verrouiller efface
ce cookie sans réseau : il est donc lisible par la page, et ne vaut rien sans la session.
"""

from __future__ import annotations

from flask import Flask, Request, current_app
from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from app.config import secrets_de_signature

COOKIE_APPAREIL = "__Host-appareil"
COOKIE_OUVERT = "__Host-ouvert"
# Un téléphone reste le téléphone de quelqu'un : quatre cents jours est le plus que les navigateurs gardent.
_DUREE_APPAREIL = 400 * 24 * 3600


def _secrets(application: Flask) -> list[str]:
    """Du plus ancien au courant, l'ordre qu'attend la signature : le dernier signe, tous vérifient."""
    return secrets_de_signature(application.config)[::-1]


def _signer_appareil(application: Flask) -> URLSafeSerializer:
    return URLSafeSerializer(_secrets(application), salt="jalon-appareil")


def _signer_ouvert(application: Flask) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_secrets(application), salt="jalon-ouvert")


def poser_appareil(reponse: Response, structure_id: str, appareil_id: str) -> None:
    """Marque ce navigateur comme un appareil enrôlé."""
    reponse.set_cookie(
        COOKIE_APPAREIL,
        _signer_appareil(current_app).dumps([structure_id, appareil_id]),
        max_age=_DUREE_APPAREIL,
        secure=True,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def appareil_annonce(requete: Request) -> tuple[str, str] | None:
    """(structure, appareil) que ce navigateur a enrôlé, ou rien s'il est un simple poste."""
    try:
        structure_id, appareil_id = _signer_appareil(current_app).loads(requete.cookies.get(COOKIE_APPAREIL, ""))
    except (BadSignature, ValueError, TypeError):
        return None
    return str(structure_id), str(appareil_id)


def oublier_appareil(reponse: Response) -> None:
    for nom in (COOKIE_APPAREIL, COOKIE_OUVERT):
        reponse.delete_cookie(nom, path="/", secure=True)


def poser_preuve(reponse: Response, utilisateur_id: str, appareil_id: str) -> None:
    duree = int(current_app.config["PREUVE_DUREE"].total_seconds())
    reponse.set_cookie(
        COOKIE_OUVERT,
        _signer_ouvert(current_app).dumps([utilisateur_id, appareil_id]),
        max_age=duree,
        secure=True,
        httponly=False,
        samesite="Strict",
        path="/",
    )


def preuve_valide(requete: Request, utilisateur_id: str, appareil_id: str) -> bool:
    duree = int(current_app.config["PREUVE_DUREE"].total_seconds())
    try:
        contenu = _signer_ouvert(current_app).loads(requete.cookies.get(COOKIE_OUVERT, ""), max_age=duree)
    except BadSignature:
        return False
    return bool(contenu == [utilisateur_id, appareil_id])


def preuve_a_renouveler(requete: Request) -> bool:
    """Vrai dans la seconde moitié de sa vie : la renouveler à chaque page ferait courir le verrouillage."""
    duree = int(current_app.config["PREUVE_DUREE"].total_seconds())
    try:
        _signer_ouvert(current_app).loads(requete.cookies.get(COOKIE_OUVERT, ""), max_age=duree // 2)
    except BadSignature:
        return True
    return False
