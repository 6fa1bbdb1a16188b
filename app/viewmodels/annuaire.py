"""L'annuaire : chercher un service, le lire, y orienter quelqu'un. Miroir : static/js/viewmodels/annuaire.js.

`poche` : l'annuaire que l'on emporte (`app/annuaire/poche.py`), ou None s'il n'y en a pas.
"""

from collections.abc import Mapping
from typing import Any

from app.domain.annuaire import Service, annotes, chercher
from app.domain.permanence import se_tient
from app.domain.personne import Fiche
from app.domain.recherche import cle
from app.domain.roles import TERRAIN
from app.viewmodels.annotation import annotations, url_annoter
from app.viewmodels.contexte import Contexte, Vue, en_tete
from app.viewmodels.en_mots import grouper

LIGNES_MAX = 60
FORME = "orientation_service"
_DITS = (
    ("pour", "Pour qui"),
    ("conditions", "Conditions"),
    ("comment", "Comment demander"),
    ("qui", "Qui peut demander"),
    ("accueil", "Accueil"),
    ("horaires", "Horaires"),
    ("frais", "Frais"),
    ("adresse", "Adresse"),
    ("reseau", "Réseau"),
    ("site", "Sur le web"),
)


def annuaire(
    poche: Mapping[str, Any] | None,
    contexte: Contexte,
    voulus: Mapping[str, str] | None = None,
    dossier: Fiche | None = None,
    carnet: Fiche | None = None,
) -> Vue:
    """`{q, familles, communes, lignes: [{url, nom, chez, ou, sujets, telephone, note, absent}], nombre, total, sources,
    dossier}`.

    `carnet` : ce que l'équipe a noté des services ; `voulus` : `{q, famille, commune}` ; `lignes` : les premières,
    `nombre` : combien répondent. `dossier` : qui l'on oriente, quand on vient de son dossier.
    """
    voulus = voulus or {}
    services = annotes(poche["services"], carnet) if poche else []
    proches = _proches(contexte)
    q, famille, commune = (voulus.get(nom, "") for nom in ("q", "famille", "commune"))
    trouves = chercher(services, q, famille, commune, proches)
    suite = suite_de(dossier)
    return {
        "q": q,
        "familles": _choix([{"code": "", "libelle": "Tout"}, *(poche["familles"] if poche else [])], famille),
        "communes": _choix(
            [{"code": "", "libelle": "Toutes les communes"}, *_communes(poche, proches)] if poche else [], commune
        ),
        "lignes": [_ligne(service, suite) for service in trouves[:LIGNES_MAX]],
        "nombre": len(trouves),
        "total": len(services),
        "sources": [{"nom": source["nom"], "maj": source["maj"]} for source in (poche["sources"] if poche else [])],
        "dossier": en_tete(dossier) if dossier else None,
    }


def service(trouve: Service, contexte: Contexte, dossier: Fiche | None = None, carnet: Fiche | None = None) -> Vue:
    """`{service: {id, nom, chez, nature, quoi, note, absent, source, maj, lien}, joindre: [{libelle, url, genre}],
    dits: [{libelle, valeur, url}], annotations, url_annoter, dossier, url_orienter}`.
    """
    numero, courriel = trouve.get("telephone"), trouve.get("courriel")
    orienter = f"/annuaire/services/{trouve['id']}/orienter"
    if dossier:
        orienter = f"/pieces/nouvelle?dossier={dossier['personne']['id']}&forme={FORME}&vers={trouve['id']}"
    return {
        "service": {
            **{
                nom: trouve.get(nom) for nom in ("id", "nom", "chez", "quoi", "note", "absent", "source", "maj", "lien")
            },
            "nature": [trouve[nom] for nom in ("type", "sujets") if trouve.get(nom)],
        },
        "joindre": [
            *([{"libelle": grouper(numero), "url": f"tel:{numero}", "genre": "telephone"}] if numero else []),
            *([{"libelle": courriel, "url": f"mailto:{courriel}", "genre": "courriel"}] if courriel else []),
        ],
        "dits": [
            {"libelle": libelle, "valeur": trouve[nom], "url": trouve[nom] if nom == "site" else None}
            for nom, libelle in _DITS
            if trouve.get(nom)
        ],
        "annotations": annotations(carnet, trouve["id"], contexte),
        "url_annoter": url_annoter(carnet, trouve["id"], contexte, suite_de(dossier)),
        "dossier": en_tete(dossier) if dossier else None,
        "url_orienter": orienter if contexte["utilisateur"]["role"] in TERRAIN else None,
    }


def suite_de(dossier: Fiche | None) -> str:
    """Ce que l'adresse garde de la personne pour qui l'on cherche."""
    return f"?dossier={dossier['personne']['id']}" if dossier else ""


def qui_orienter(trouve: Service) -> Vue:
    """`{nom, question, url}` : ce que dit le choix du dossier."""
    return {"nom": trouve["nom"], "question": "Qui orienter\u202f?", "url": f"/annuaire/services/{trouve['id']}"}


def trouver(poche: Mapping[str, Any] | None, identifiant: str | None) -> Service | None:
    services: list[Service] = poche["services"] if poche else []
    return next((connu for connu in services if connu["id"] == identifiant), None)


def recopier(trouve: Service | None) -> dict[str, str]:
    """Ce qu'une orientation vers ce service en garde, pour se lire encore quand l'annuaire aura changé."""
    return {"service": trouve["nom"], "partenaire": trouve.get("chez", "")} if trouve else {}


def _proches(contexte: Contexte) -> list[str]:
    """Les communes où l'on reçoit, celles des permanences d'aujourd'hui d'abord."""
    reference = contexte["reference"]
    ici = {p["lieu"] for p in reference.get("permanences") or () if se_tient(p, contexte["aujourd_hui"])}
    lieux = sorted(reference["lieux"], key=lambda lieu: lieu["id"] not in ici)
    return list(dict.fromkeys(lieu["commune"] for lieu in lieux if lieu.get("commune")))


def _communes(poche: Mapping[str, Any], proches: list[str]) -> list[Vue]:
    rangs = {cle(nom): rang for rang, nom in enumerate(proches)}
    communes = sorted(poche["communes"], key=lambda commune: rangs.get(cle(commune["nom"]), len(proches)))
    return [{"code": commune["code"], "libelle": commune["nom"]} for commune in communes]


def _choix(choix: list[Vue], choisi: str) -> list[Vue]:
    return [{**un, "choisi": un["code"] == choisi} for un in choix]


def _ligne(service: Service, suite: str) -> Vue:
    return {
        "url": f"/annuaire/services/{service['id']}{suite}",
        "nom": service["nom"],
        "chez": service.get("chez"),
        "ou": service.get("commune"),
        "sujets": service.get("sujets"),
        "note": bool(service.get("note")),
        "absent": service.get("absent"),
    }
