"""Après une absence sans nouvelles : une autre date, un SMS, la relance. Miroir : static/js/viewmodels/absence.js."""

from urllib.parse import quote

from app.domain import dates, nomenclatures
from app.domain.assiduite import parcours_de_relances, sans_nouvelles
from app.domain.formes import forme
from app.domain.francais import heure, jour_long, quantieme, quantite
from app.domain.jours_ouvres import ouvre_au_plus_tot
from app.domain.mesure import convention_au
from app.domain.personne import Fiche, valeur
from app.domain.piece import valeur as valeur_de
from app.domain.roles import TERRAIN
from app.viewmodels.contexte import Contexte, Vue
from app.viewmodels.en_mots import grouper
from app.viewmodels.rendez_vous import rendez_vous as proposition

# Ce que l'adresse d'un SMS garde tel quel, comme `encodeURIComponent`.
_SUR = "-_.!~*'()"
# Une apostrophe typographique ou une espace insécable doublerait le prix du message.
_SANS_SURCOUT = {0x202F: " ", 0xA0: " ", 0x2019: "'"}
# Sans rythme à suivre, une semaine plus tard.
_SANS_CADENCE_JOURS = 7


def absence(dossier: Fiche, contexte: Contexte) -> Vue | None:
    """`{compte, nouvelle_date, proposer: {f, caches}, sms: {affiche, lien}, faites, relance: {caches, moyens}, suite,
    excuser: {url, caches}}`, ou rien.

    `nouvelle_date` : celle qui est déjà proposée, en mots, et alors pas de `proposer` ; `faites` : les relances ;
    `suite` : ce que la structure a choisi de faire ensuite, `[{texte, faite}]`.
    """
    manque = sans_nouvelles(dossier, contexte["maintenant"])
    if manque is None or contexte["utilisateur"]["role"] not in TERRAIN:
        return None
    rendez_vous, prochain = manque["rendez_vous"], manque["prochain"]
    mesure = next(m for m in dossier["mesures"] if m["id"] == rendez_vous["mesure_id"])
    convention = convention_au(contexte["reference"]["conventions"], mesure["convention"], contexte["aujourd_hui"])
    return {
        "compte": _compte(manque, contexte),
        "nouvelle_date": moment_entier(prochain["debut"], contexte["aujourd_hui"]) if prochain else None,
        "proposer": None if prochain else _proposer(dossier, rendez_vous, contexte),
        "sms": _sms(dossier, rendez_vous, prochain, contexte),
        "faites": [_relance_en_mots(piece, contexte) for piece in manque["relances"]],
        "relance": {
            "caches": _caches(
                dossier,
                contexte,
                op_id=contexte["nouvel_identifiant"](),
                entite=contexte["nouvel_identifiant"](),
                forme="relance",
                mesure_id=rendez_vous["mesure_id"],
                rendez_vous_id=rendez_vous["id"],
                le=contexte["aujourd_hui"],
            ),
            "moyens": nomenclatures.choix("moyen_relance", ""),
        },
        "suite": [_suite(etape) for etape in parcours_de_relances(convention, manque)],
        "excuser": {
            "url": f"/rendez-vous/{rendez_vous['id']}/constat",
            "caches": [
                {"nom": "op_id", "valeur": contexte["nouvel_identifiant"]()},
                {"nom": "base", "valeur": rendez_vous.get("version")},
                {"nom": "retour", "valeur": f"/dossiers/{dossier['personne']['id']}"},
            ],
        },
    }


def moment_entier(debut: str, aujourd_hui: str) -> str:
    """« jeudi 3 décembre à 10 h »."""
    return f"{jour_long(dates.jour_paris(debut), aujourd_hui)} à {heure(dates.heure_paris(debut))}"


def _compte(manque: Vue, contexte: Contexte) -> str:
    """« 2 absences sans nouvelles depuis l’entretien du 12 octobre. »"""
    depuis = manque["depuis"]
    suite = f" depuis l’entretien du {quantieme(depuis, contexte['aujourd_hui'])}" if depuis else ""
    return f"{quantite(manque['nombre'], 'absence')} sans nouvelles{suite}."


def _proposer(dossier: Fiche, manque: Fiche, contexte: Contexte) -> Vue:
    """Le formulaire d'un rendez-vous, réduit à sa date : même heure, même lieu que celui qui a été manqué."""
    vue = proposition(dossier, contexte)
    demain, semaine = (
        ouvre_au_plus_tot(dates.ajouter_jours(contexte["aujourd_hui"], jours)) for jours in (1, _SANS_CADENCE_JOURS)
    )
    fixes = {"mesure_id": manque["mesure_id"], "duree": str(manque["duree"] or ""), "lieu": manque["lieu"] or ""}
    return {
        # Le temps de la prévenir : jamais le jour même.
        "date": max(vue["f"]["date"] or semaine, demain),
        "heure": dates.heure_paris(manque["debut"]),
        "lieu": manque["lieu"],
        "caches": vue["caches"] + [{"nom": nom, "valeur": lu} for nom, lu in fixes.items() if lu],
    }


def _sms(dossier: Fiche, manque: Fiche, prochain: Fiche | None, contexte: Contexte) -> Vue | None:
    """Un message qui ne dit ni le service, ni pourquoi : des dates, et rien qu'un autre apprendrait en le lisant."""
    telephones = valeur(dossier["personne"], "telephones", contexte["aujourd_hui"]) or []
    if not telephones:
        return None
    jour = jour_long(dates.jour_paris(manque["debut"]), contexte["aujourd_hui"])
    suite = "Pouvez-vous me dire quand vous seriez disponible\u202f?"
    if prochain is not None:
        suite = f"Je vous propose {moment_entier(prochain['debut'], contexte['aujourd_hui'])}."
    texte = f"Bonjour, nous n’avons pas pu nous voir {jour}. {suite} Merci."
    premier = telephones[0]
    return {
        "affiche": grouper(premier["numero"]),
        "libelle": premier.get("libelle"),
        "lien": lien_sms(premier["numero"], texte),
    }


def lien_sms(numero: str, texte: str) -> str:
    return f"sms:{numero}?&body={quote(texte.translate(_SANS_SURCOUT), safe=_SUR)}"


def _relance_en_mots(piece: Fiche, contexte: Contexte) -> Vue:
    moyen = nomenclatures.libelle("moyen_relance", valeur_de(piece, "moyen"))
    le = valeur_de(piece, "le")
    return {
        "texte": f"{moyen}, {quantieme(le, contexte['aujourd_hui'])}" if le else moyen,
        "url": f"/pieces/{piece['id']}",
        "envoi": piece.get("envoi"),
    }


def _suite(etape: Vue) -> Vue:
    piece = forme(etape["quoi"])
    mot = piece["libelle"] if piece else nomenclatures.libelle("moyen_relance", etape["quoi"])
    return {"texte": f"{mot}, après {quantite(etape['apres'], 'absence')}", "faite": etape["faite"]}


def _caches(dossier: Fiche, contexte: Contexte, **valeurs: str) -> list[Vue]:
    return [{"nom": nom, "valeur": lu} for nom, lu in {"dossier": dossier["personne"]["id"], **valeurs}.items()]
