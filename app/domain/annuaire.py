"""Chercher dans l'annuaire que l'on emporte : des mots, une famille de thématiques, une commune.

Un service est `{id, nom, source, maj}`, et ce qu'on en sait, déjà en mots : `chez`, `quoi`, `type`, `sujets`, `pour`,
`conditions`, `frais`, `accueil`, `comment`, `qui`, `adresse`, `commune`, `telephone`, `courriel`, `site`, `lien`,
`horaires`, `reseau`, `note`, `absent` ; `familles` : des codes ; `lieu` : le code de sa commune ; `zone` : ceux des
communes et départements qu'il dessert. Miroir : static/js/domain/annuaire.js, mêmes cas dans
tests/corpus/vues/annuaire.json.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from app.domain.cahier import feuilles_de, valeur
from app.domain.personne import Fiche
from app.domain.recherche import classer, cle

Service = dict[str, Any]

# Le numéro de la forme décrite ci-dessus : à augmenter avec elle, et les téléphones redemandent l'annuaire.
FORMAT = 1

# Le genre du cahier où l'équipe note ce qu'elle sait des services.
CARNET = "annuaire"

_CHERCHES = ("nom", "chez", "type", "sujets", "commune", "note")


def chercher(services: Sequence[Service], q: str, famille: str, commune: str, proches: Sequence[str]) -> list[Service]:
    """Ceux qui répondent, les mieux d'abord : dans une commune des `proches` (leurs noms, les premiers devant), puis
    comme les classe la recherche. `commune` : un code ; ceux qui y sont passent devant ceux qui la desservent.
    """
    gardes = [
        service
        for service in services
        if (not famille or famille in service.get("familles", ()))
        and (not commune or service.get("lieu") == commune or dessert(service, commune))
    ]
    trouves = [gardes[rang] for rang in classer(q, [[service.get(nom) for nom in _CHERCHES] for service in gardes])]
    rangs = {cle(nom): rang for rang, nom in reversed(list(enumerate(proches)))}
    return sorted(
        trouves,
        key=lambda service: (
            bool(commune) and service.get("lieu") != commune,
            rangs.get(cle(service.get("commune")), len(proches)),
        ),
    )


def carnet_de(cahiers: Sequence[Fiche]) -> Fiche | None:
    """Celui de l'annuaire, parmi ces cahiers."""
    return next((cahier for cahier in cahiers if cahier["cahier"]["genre"] == CARNET), None)


def annotations(carnet: Fiche | None, service_id: str) -> list[Fiche]:
    """Les notes de l'équipe sur ce service, la dernière écrite d'abord."""
    siennes = [f for f in feuilles_de(carnet or {}, "annotation") if valeur(f, "service_id") == service_id]
    return sorted(siennes, key=lambda feuille: (feuille["note_le"], feuille["id"]), reverse=True)


def annotes(services: Sequence[Service], carnet: Fiche | None) -> Sequence[Service]:
    """Les mêmes, dont la `note` dit aussi ce que l'équipe a noté : de quoi y chercher."""
    notes: dict[str, list[str]] = defaultdict(list)
    for feuille in feuilles_de(carnet or {}, "annotation"):
        notes[valeur(feuille, "service_id")].append(valeur(feuille, "note"))
    if not notes:
        return services
    return [
        {**service, "note": "\n".join([service.get("note", ""), *notes[service["id"]]])}
        if service["id"] in notes
        else service
        for service in services
    ]


def empreinte_dite(contenu: str | None) -> str | None:
    """L'empreinte que l'on dit aux téléphones : celle du contenu, sous la forme où il descend."""
    return f"{FORMAT}-{contenu}" if contenu else None


def dessert(service: Service, commune: str) -> bool:
    """Sa zone nomme-t-elle la commune, ou son département ?"""
    return any(commune == code or (len(code) < 5 and commune.startswith(code)) for code in service.get("zone", ()))
