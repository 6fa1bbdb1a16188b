"""Un désaccord, côte à côte : quoi, qui, quand, d'où ; et de quoi choisir d'un geste.

Le même sur le téléphone, dans un dossier, et au bureau. Miroir : static/js/viewmodels/desaccord.js.
"""

from collections.abc import Mapping
from typing import Any

from app.domain import nomenclatures, piece
from app.domain.acces import peut_regler
from app.domain.dates import heure_paris, jour_paris
from app.domain.francais import date_chiffree, jour_court, minuscule
from app.domain.francais import heure as heure_en_mots
from app.domain.personne import Fiche, nom_affiche
from app.domain.reglement import LISTES
from app.domain.rendez_vous import deplace
from app.viewmodels import en_mots
from app.viewmodels.contexte import Contexte, Vue, sexe

ARCHIVE = "archive_le"
# Ce qui fait demander s'il faut rouvrir.
TRAVAIL = "du travail noté sans le savoir"


def face_a_face(desaccord: Fiche, dossier: Fiche, aujourd_hui: str) -> Vue:
    """`{id, personne_id, nom, version, quoi, effet, phrase, en_vigueur, propose, garder, prendre, regle, choix}`.

    Chaque côté : `{valeur, par, recue, note, depuis}`, `note` : quand cela a été noté, si ce n'est pas à sa réception.
    `version` est celle que l'on lit : en régler une autre est refusé. `phrase` remplace les deux valeurs quand la
    question est de rouvrir un dossier.
    """
    accord = sexe(dossier["personne"], {"aujourd_hui": aujourd_hui})
    archive = desaccord["champ"] == ARCHIVE
    rouvrir = archive and desaccord["propose"]["valeur"] is None
    en_vigueur, propose = (
        _cote(desaccord, cote, accord, aujourd_hui, _piece(desaccord, dossier)) for cote in ("en_vigueur", "propose")
    )
    issue = _issue_en_face(desaccord, dossier, accord)
    if issue:
        en_vigueur["valeur"] += f", {issue}"
        propose["valeur"] += ", issue à redire"
    return {
        "id": desaccord["id"],
        "personne_id": desaccord["personne_id"],
        "nom": nom_affiche(dossier["personne"]),
        "version": desaccord["version"],
        "quoi": quoi(desaccord, dossier, aujourd_hui),
        "effet": f"à partir du {date_chiffree(desaccord['date_effet'])}" if desaccord["date_effet"] else None,
        "phrase": _phrase(desaccord) if rouvrir else None,
        "en_vigueur": en_vigueur,
        "propose": {**propose, "valeur": TRAVAIL} if rouvrir else propose,
        "garder": "Laisser archivé" if archive else "Garder",
        "prendre": "Rouvrir" if rouvrir else "Prendre le déplacement" if issue else "Prendre celle-ci",
        "regle": f"{desaccord['regle_par_nom']}, {en_mots.moment(desaccord['regle_le'], aujourd_hui)}"
        if desaccord["etat"] == "regle"
        else None,
        "choix": desaccord["choix"],
    }


def ouverts(dossier: Fiche) -> list[Fiche]:
    """Le plus ancien d'abord."""
    trouves = [desaccord for desaccord in dossier.get("desaccords") or [] if desaccord["etat"] == "ouvert"]
    return sorted(trouves, key=lambda desaccord: (desaccord["propose"]["le"], desaccord["id"]))


def a_regler(dossier: Fiche, contexte: Contexte) -> list[Vue]:
    """Les désaccords ouverts d'un dossier, `{…, url, op_id}` en plus ; `op_id` est None pour qui ne règle pas."""
    base, peut = f"/dossiers/{dossier['personne']['id']}/desaccords", peut_regler(contexte["utilisateur"])
    return [
        {
            **face_a_face(desaccord, dossier, contexte["aujourd_hui"]),
            "url": f"{base}/{desaccord['id']}",
            "op_id": contexte["nouvel_identifiant"]() if peut else None,
        }
        for desaccord in ouverts(dossier)
    ]


def quoi(desaccord: Fiche, dossier: Fiche, aujourd_hui: str) -> str:
    """« Téléphone », « Issue du rendez-vous du jeu. 26 nov. à 9 h », « Synthèse de l'entretien du jeu. 26 nov. »."""
    citee = _piece(desaccord, dossier)
    if citee is not None:
        return f"{en_mots.champ(desaccord['champ'], citee['forme'])}, {piece.quoi(citee)}"
    libelle, fiche_type = en_mots.champ(desaccord["champ"]), desaccord["fiche_type"]
    if fiche_type == "personne":
        return libelle
    fiches = dossier.get(LISTES[fiche_type]) or []
    fiche = next((f for f in fiches if f["id"] == desaccord["fiche_id"]), None)
    if fiche is None:
        return f"{libelle} ({nomenclatures.libelle('type_fiche', fiche_type).lower()})"
    if fiche_type == "rendez_vous":
        return f"{libelle} du rendez-vous du {en_mots.moment(fiche['debut'], aujourd_hui)}"
    if fiche_type == "entretien":
        return f"{libelle} de l’entretien du {jour_court(fiche['date'], aujourd_hui)}"
    return f"{libelle} de la mesure"


def _piece(desaccord: Fiche, dossier: Fiche) -> Fiche | None:
    """La pièce dont c'est un champ."""
    pieces = (dossier.get("pieces") or []) if desaccord["fiche_type"] == "piece" else []
    return next((fiche for fiche in pieces if fiche["id"] == desaccord["fiche_id"]), None)


def _issue_en_face(desaccord: Fiche, dossier: Fiche, accord: str | None) -> str | None:
    """L'issue d'un rendez-vous que quelqu'un d'autre avait mis à un autre jour : prendre ce jour, c'est la redire."""
    if (desaccord["fiche_type"], desaccord["champ"], desaccord["etat"]) != ("rendez_vous", "debut", "ouvert"):
        return None
    fiche = next((f for f in dossier["rendez_vous"] if f["id"] == desaccord["fiche_id"]), None)
    if fiche is None or fiche["statut"] == "propose" or "statut" not in deplace(fiche, desaccord["propose"]["valeur"]):
        return None
    return minuscule(nomenclatures.libelle("statut_rendez_vous", fiche["statut"], accord))


def note_le(heure: str | None, recue: str, aujourd_hui: str) -> str | None:
    """Quand cela a été noté, à la montre de l'appareil, s'il y a loin de là à la réception."""
    if heure is None or heure[:13] == recue[:13]:
        return None
    if jour_paris(heure) == jour_paris(recue):
        return f"à {heure_en_mots(heure_paris(heure))}"
    return en_mots.moment(heure, aujourd_hui)


def _cote(desaccord: Fiche, cote: str, accord: str | None, aujourd_hui: str, citee: Fiche | None) -> Vue:
    vue: Mapping[str, Any] = desaccord[cote]
    return {
        "valeur": en_mots.valeur(
            desaccord["champ"], vue["valeur"], accord, aujourd_hui, citee["forme"] if citee else None
        ),
        "par": vue["par_nom"],
        "recue": en_mots.moment(vue["le"], aujourd_hui),
        "note": note_le(vue["heure"], vue["le"], aujourd_hui),
        "depuis": vue["depuis"],
    }


def _phrase(desaccord: Fiche) -> str:
    en_vigueur, propose = desaccord["en_vigueur"], desaccord["propose"]
    jour = date_chiffree(en_vigueur["valeur"])
    par, autre = (f"{cote['par_nom']} ({cote['depuis']})" for cote in (en_vigueur, propose))
    return f"Ce dossier a été archivé le {jour} par {par}, et {autre} y a noté quelque chose de son côté."
