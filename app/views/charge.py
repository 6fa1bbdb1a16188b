"""Équipe : la charge de chacun, ce qui est en retard, ce qui ne bouge plus. À chacun ses chiffres, au chef ceux de
l'équipe.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.base import db
from app.cadre import rendre
from app.domain.dates import instant
from app.domain.recherche import cle
from app.equipe import charge as lecture
from app.equipe import immobiles as sans_mouvement
from app.equipe import retards as en_retard
from app.equipe.suivis import mesures_suivies
from app.models import Utilisateur
from app.securite.permissions import permission
from app.securite.portier import compte
from app.supervision import desaccords
from app.views import carnet
from app.views.formulaire import identifiant
from app.views.pages import Pages
from sync.conventions import conventions_de

charge = Blueprint("charge", __name__, url_prefix="/equipe")

CHARGE, RETARDS, IMMOBILES = "/equipe/charge", "/equipe/retards", "/equipe/immobiles"
JOURS_MAX = 999


@charge.get("/charge")
@permission("equipe")
def equipe() -> Response:
    qui = compte()
    return rendre(
        "serveur/bureau/charge.html",
        titre="Équipe",
        onglet="bureau",
        charge=lecture.lire(db.session(), qui.structure_id, carnet.aujourd_hui(), carnet.maintenant()),
        desaccords=desaccords.compter(db.session(), qui.structure_id),
    )


@charge.get("/moi")
@permission("entretiens.noter")
def la_mienne() -> Response:
    """Ses chiffres à soi : ceux des autres n'y sont pas."""
    qui = compte()
    suivis = _suivis(qui.utilisateur_id)
    return rendre(
        "serveur/bureau/ma_charge.html",
        titre="Ma file active",
        onglet="bureau",
        ligne=lecture.seule(
            lecture.lire(db.session(), qui.structure_id, carnet.aujourd_hui(), carnet.maintenant()), qui.utilisateur_id
        ),
        retards=_retards(suivis.personnes),
        immobiles=len(
            sans_mouvement.chercher(
                db.session(), qui.structure_id, carnet.aujourd_hui(), sans_mouvement.DEFAUT, qui.utilisateur_id
            )
        ),
        jours=sans_mouvement.DEFAUT,
    )


@charge.get("/retards")
@permission("equipe")
def retards() -> Response:
    suivis = _suivis(identifiant(request.args.get("de")))
    # Toute une grande équipe ne se juge pas d'un coup : on commence par quelqu'un.
    if suivis.choisi is None and suivis.nombre > en_retard.D_UN_COUP and suivis.referents:
        suivis = _suivis(suivis.referents[0]["id"])
    trouves = _retards(suivis.personnes[: en_retard.JUGEES])
    genres = _genres(trouves)
    voulu = request.args.get("genre")
    choisi = voulu if voulu in {genre["code"] for genre in genres} else None
    siens = [retard for retard in trouves if choisi in (None, retard.genre)]
    adresse = f"{RETARDS}?{suivis.parametre}" + (f"&genre={choisi}" if choisi else "")
    pages = Pages.de(request.args.get("page"), len(siens), en_retard.PAGE, adresse)
    return rendre(
        "serveur/bureau/retards.html",
        titre="Échéances en retard",
        onglet="bureau",
        suivis=suivis,
        genres=genres,
        genre=choisi,
        total=len(trouves),
        lignes=pages.tranche(siens),
        pages=pages,
        coupee=en_retard.JUGEES if len(suivis.personnes) > en_retard.JUGEES else None,
        d_un_coup=suivis.nombre <= en_retard.D_UN_COUP,
    )


@charge.get("/immobiles")
@permission("equipe")
def immobiles() -> Response:
    saisi = request.args.get("jours", str(sans_mouvement.DEFAUT)).strip()
    jours, structure, jour = _nombre_de_jours(saisi), compte().structure_id, carnet.aujourd_hui()
    suivis = _suivis(identifiant(request.args.get("de")))
    trouvees = sans_mouvement.chercher(db.session(), structure, jour, jours, suivis.choisi) if jours else {}
    adresse = f"{IMMOBILES}?jours={jours}" + (f"&{suivis.parametre}" if suivis.parametre else "")
    pages = Pages.de(request.args.get("page"), len(trouvees), sans_mouvement.PAGE, adresse)
    rangees = len(trouvees) <= sans_mouvement.RANGEES
    if rangees:
        lignes = pages.tranche(sans_mouvement.lire(db.session(), structure, jour, trouvees))
    else:
        tranche = pages.tranche(sans_mouvement.ranger(db.session(), structure, trouvees))
        lignes = sans_mouvement.lire(db.session(), structure, jour, {qui: trouvees[qui] for qui in tranche})
    return rendre(
        "serveur/bureau/immobiles.html",
        titre="Sans mouvement",
        onglet="bureau",
        statut=200 if jours else 422,
        suivis=suivis,
        lignes=lignes,
        pages=pages,
        rangees=rangees,
        jours=jours,
        durees=sans_mouvement.JOURS,
        saisi=saisi,
        erreurs={} if jours else {"jours": f"Indiquez un nombre de jours, de 1 à {JOURS_MAX}."},
    )


@dataclass(frozen=True)
class Suivis:
    """Qui suit qui aujourd'hui. `choisi` : une seule personne de l'équipe, ou toutes ; `personnes` : les siennes,
    `nombre` : celles de toute l'équipe.
    """

    choisi: str | None
    personnes: list[str]
    nombre: int
    noms: dict[str, str]
    referents: list[dict[str, Any]]

    @property
    def parametre(self) -> str:
        return f"de={self.choisi}" if self.choisi else ""


def _suivis(choisi: str | None) -> Suivis:
    structure = compte().structure_id
    suivies = mesures_suivies(db.session(), structure, carnet.aujourd_hui())
    requete = select(Utilisateur.id, Utilisateur.prenom, Utilisateur.nom).where(Utilisateur.structure_id == structure)
    noms = {identifiant: f"{prenom} {nom}".strip() for identifiant, prenom, nom in db.session.execute(requete)}
    if choisi is not None and choisi not in noms:
        raise NotFound
    comptes = Counter(suivie.referent_id for suivie in suivies)
    return Suivis(
        choisi,
        sorted({suivie.personne_id for suivie in suivies if choisi in (None, suivie.referent_id)}),
        len({suivie.personne_id for suivie in suivies}),
        noms,
        sorted(({"id": qui, "nom": noms[qui], "mesures": n} for qui, n in comptes.items() if qui), key=_par_nom),
    )


def _par_nom(referent: dict[str, Any]) -> str:
    return cle(str(referent["nom"]))


def _retards(personnes: Sequence[str]) -> list[en_retard.Retard]:
    qui = compte()
    return en_retard.lire(
        db.session(),
        qui.structure_id,
        personnes,
        conventions_de(db.session(), qui.structure_id),
        qui.utilisateur_id,
        qui.role,
        instant(carnet.maintenant()),
    )


def _genres(trouves: Sequence[en_retard.Retard]) -> list[dict[str, Any]]:
    comptes = Counter(retard.genre for retard in trouves)
    return [
        {"code": genre, "libelle": en_retard.genre_en_mots(genre), "nombre": nombre}
        for genre, nombre in comptes.most_common()
    ]


def _nombre_de_jours(saisi: str) -> int | None:
    """Rien si ce n'en est pas un, de 1 à `JOURS_MAX`."""
    lu = int(saisi) if saisi.isascii() and saisi.isdecimal() and len(saisi) <= len(str(JOURS_MAX)) else 0
    return lu or None
