"""Ouvrir une mesure pour quelqu'un que l'on connaît, ou corriger ses dates : le formulaire."""

from collections.abc import Mapping
from typing import Any

from app.domain import nomenclatures
from app.domain.francais import date_chiffree
from app.domain.personne import Fiche
from app.domain.places import prises
from app.domain.saisie.mesure import DATES, lire_mesure
from app.viewmodels.contexte import Contexte, Vue, en_tete, libelle_convention
from app.viewmodels.formulaires import cacher, cle_brouillon, premiere, resume, version_montree

ORDRE = ("convention", "orientee_le", "prescripteur", "premier_contact_le", "entree_le", "modalite")
# Les dates se trompent de la même façon : le résumé des erreurs les nomme.
LIBELLES = {"orientee_le": "Orientation reçue le", "premier_contact_le": "Premier contact le", "entree_le": "Entrée le"}


def mesure(
    dossier: Fiche,
    contexte: Contexte,
    existante: Fiche | None = None,
    saisie: Mapping[str, Any] | None = None,
    erreurs: Mapping[str, str] | None = None,
) -> Vue:
    """`{f, erreurs, resume_erreurs, avertissements, nouvelle, dossier, mesure: {convention} | None, choix:
    {conventions, modalites}, action, titre_page, brouillon, caches}` ; `existante` : celle dont on change les dates.
    """
    valeurs = {champ: premiere(saisie, champ) for champ in ORDRE} if saisie is not None else _valeurs(existante)
    erreurs = dict(erreurs or {})
    base = f"/dossiers/{dossier['personne']['id']}/mesures"
    neufs = ["op_id"] if existante else ["op_id", "entite"]
    return {
        "f": valeurs,
        "erreurs": erreurs,
        "resume_erreurs": resume(erreurs, ORDRE, LIBELLES),
        "avertissements": _avertissements(dossier, contexte, existante, saisie),
        "nouvelle": existante is None,
        "dossier": en_tete(dossier),
        "mesure": {"convention": libelle_convention(existante["convention"], contexte)} if existante else None,
        "choix": {
            "conventions": [] if existante else choix_conventions(contexte, valeurs["convention"]),
            "modalites": [] if existante else nomenclatures.choix("modalite", valeurs["modalite"]),
        },
        "action": f"{base}/{existante['id']}/modifier" if existante else f"{base}/nouvelle",
        "titre_page": "Dates de la mesure" if existante else "Ouvrir une mesure",
        "brouillon": cle_brouillon("mesure", existante["id"] if existante else dossier["personne"]["id"], saisie),
        "caches": cacher(
            neufs,
            saisie,
            contexte,
            {
                "remplace": premiere(saisie or {}, "remplace"),
                "base": version_montree(existante, saisie) if existante else "",
            },
        ),
    }


def choix_conventions(contexte: Contexte, choisie: str) -> list[Vue]:
    """Les conventions de la structure, une fois chacune ; seule, elle est choisie d'avance."""
    codes = list(dict.fromkeys(convention["code"] for convention in contexte["reference"]["conventions"]))
    seule = len(codes) == 1
    return [
        {"code": code, "libelle": libelle_convention(code, contexte), "choisi": seule or code == choisie}
        for code in codes
    ]


def sans_place(contexte: Contexte) -> dict[str, str]:
    """Avant de choisir : où une mesure de plus dépasserait les places, au jour où le serveur les a comptées."""
    pleines = prises(contexte["reference"])
    if not pleines:
        return {}
    noms = ", ".join(libelle_convention(compte["code"], contexte) for compte in pleines)
    jour = date_chiffree(pleines[0]["le"])
    return {"convention": f"Toutes les places étaient prises le {jour}\u202f: {noms}. Vous pouvez quand même ouvrir."}


def _valeurs(existante: Fiche | None) -> Vue:
    return {champ: ((existante or {}).get(champ) or "") if champ in DATES else "" for champ in ORDRE}


def _avertissements(
    dossier: Fiche, contexte: Contexte, existante: Fiche | None, saisie: Mapping[str, Any] | None
) -> dict[str, str]:
    if saisie is None:
        return sans_place(contexte) if existante is None else {}
    avertissements: dict[str, str] = lire_mesure(saisie, contexte | {"dossier": dossier}, existante)["avertissements"]
    return avertissements
