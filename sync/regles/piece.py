"""Noter une pièce, la modifier, la retirer : mêmes règles pour toutes les formes, engendrées de leur description."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any

from app.domain import piece as domaine
from app.domain.formes import Forme as Decrite
from app.domain.formes import charger
from app.domain.nomenclatures import codes
from app.domain.roles import LECTEURS
from sync import champs as lire
from sync.champs import Forme, Invalide, en_json
from sync.etat import PIECE, Ligne
from sync.fusion import departager
from sync.operation import Operation
from sync.regles.mesure import mesure_du_dossier
from sync.regles.regle import AUTRE_DOSSIER, TERRAIN, Contexte, Regle, Retenue, refuser
from sync.regles.rendez_vous import rendez_vous_du_dossier

LIGNES_MAX = 20
TEXTE, LONG = 200, 10_000
MINUTES_MAX = 168 * 60
# Le tracé d'une signature dans un cadre de 300 sur 120 : des levés de plume, et les points de chacun.
SIGNATURE_MAX = 6_000
_SIGNATURE = re.compile(r"(?:M[0-9]{1,3} [0-9]{1,3}(?: [0-9]{1,3} [0-9]{1,3})*)+")
TOLERANCE = dt.timedelta(days=1)
RETIREE = "Cette fiche a été retirée\u202f: notez-en une autre."


def noter(decrite: Decrite, contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    contexte.personne(operation)
    if contexte.etat.lire(PIECE, operation.entite) is not None:
        raise refuser("entite", "Cette fiche existe déjà.")
    mesure, partagee = valeurs.pop("mesure_id", None), bool(valeurs.pop("partagee", None))
    remplies = _remplies(valeurs)
    _verifier(decrite, contexte, operation, remplies)
    if mesure is not None:
        mesure_du_dossier(contexte, mesure, operation.personne, "mesure_id")
    contexte.etat.ajouter(
        PIECE,
        id=operation.entite,
        personne_id=operation.personne,
        mesure_id=mesure,
        forme=decrite["code"],
        jour=_jour(decrite, remplies),
        valeurs=remplies,
        partagee=partagee,
        revisions=[],
        auteur_id=contexte.acteur.utilisateur_id,
        note_le=operation.heure.astimezone(dt.UTC),
        sequence=contexte.version,
        cree_le=contexte.acteur.maintenant,
    )
    contexte.soumettre_au_controle("piece", operation.entite, operation.personne)


def modifier(decrite: Decrite, contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    piece = _piece_du_dossier(decrite, contexte, operation)
    if piece["retiree_le"] is not None:
        raise refuser("entite", RETIREE)
    if valeurs.get("mesure_id"):
        mesure_du_dossier(contexte, valeurs["mesure_id"], operation.personne, "mesure_id")
    elif "mesure_id" in valeurs and decrite.get("par_mesure"):
        raise refuser("mesure_id", "Choisissez la mesure.")
    if "partagee" in valeurs:
        valeurs["partagee"] = bool(valeurs["partagee"])
    ecrites = departager(contexte, operation, "piece", a_plat(decrite, piece), valeurs)
    poser(contexte, piece, ecrites, operation)
    if ecrites:
        contexte.soumettre_au_controle("piece", operation.entite, operation.personne)


def retirer(decrite: Decrite, contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    """Rien ne s'efface : elle reste au dossier, avec le motif. Deux personnes peuvent y penser le même jour."""
    piece = _piece_du_dossier(decrite, contexte, operation)
    if piece["retiree_le"] is None:
        contexte.etat.changer(
            PIECE,
            piece["id"],
            retiree_le=operation.heure.astimezone(dt.UTC),
            retrait_motif=valeurs["motif"],
            sequence=contexte.version,
        )
        contexte.soumettre_au_controle("piece", operation.entite, operation.personne)


def poser(contexte: Contexte, piece: Ligne, valeurs: Mapping[str, Any], operation: Operation) -> None:
    """Écrit des valeurs lues ; celles d'avant restent, avec qui les a changées et quand."""
    decrite = charger()[piece["forme"]]
    avant = a_plat(decrite, piece)
    changees = {nom: avant[nom] for nom, valeur in valeurs.items() if not domaine.pareilles(avant[nom], valeur)}
    apres = _remplies({**piece["valeurs"], **{nom: v for nom, v in valeurs.items() if nom not in domaine.CLES}})
    # Les champs changés, et eux seuls, doivent tenir avec le reste : ce qui n'a pas bougé a déjà été accepté.
    _verifier(decrite, contexte, operation, apres, set(valeurs))
    revision = {"le": lire.en_json(operation.heure), "par": contexte.acteur.utilisateur_id, "champs": changees}
    contexte.etat.changer(
        PIECE,
        piece["id"],
        valeurs=apres,
        jour=_jour(decrite, apres),
        revisions=[revision, *piece["revisions"]][: domaine.REVISIONS_MAX] if changees else piece["revisions"],
        sequence=contexte.version,
        **{nom: valeurs[nom] for nom in domaine.CLES if nom in valeurs},
    )


def a_plat(decrite: Decrite, piece: Ligne) -> Ligne:
    """La pièce comme une opération la dit : tous ses champs, vides compris."""
    vides = {champ["nom"]: None for champ in decrite["champs"]}
    return {**vides, **piece["valeurs"], **{nom: piece[nom] for nom in (*domaine.CLES, "id")}}


def _piece_du_dossier(decrite: Decrite, contexte: Contexte, operation: Operation) -> Ligne:
    contexte.personne(operation)
    piece = contexte.etat.lire(PIECE, operation.entite)
    if piece is None:
        raise Retenue("entite")
    if piece["personne_id"] != operation.personne or piece["forme"] != decrite["code"]:
        raise refuser("entite", AUTRE_DOSSIER)
    if not se_lit(contexte, piece):
        raise refuser("entite", AUTRE_DOSSIER)
    return piece


def se_lit(contexte: Contexte, piece: Ligne, champ: str | None = None) -> bool:
    """Qui écrit lit-il cette pièce, ou ce champ ? D'un dossier tenu en binôme, il ne lit que ce qui lui est partagé."""
    personne = piece["personne_id"]
    return contexte.lecteur(personne).lit(piece["forme"], personne, piece["partagee"], piece["auteur_id"], champ)


def _verifier(
    decrite: Decrite,
    contexte: Contexte,
    operation: Operation,
    valeurs: Mapping[str, Any],
    changes: set[str] | None = None,
) -> None:
    """Ce qui manque, ce qui vient trop tôt ou trop tard. `changes` : les seuls champs à vérifier."""
    demain = (contexte.aujourd_hui + TOLERANCE).isoformat()
    for champ in decrite["champs"]:
        nom, lue = champ["nom"], valeurs.get(champ["nom"])
        if changes is not None and nom not in changes and champ.get("apres") not in changes:
            continue
        if lue is None:
            if champ.get("obligatoire") and "regle" not in champ and domaine.est_appele(champ, valeurs):
                raise refuser(nom, champ["obligatoire"])
        elif champ.get("passe") and lue > demain:
            raise refuser(nom, "Cette date est dans l’avenir.")
        elif champ.get("apres") and (valeurs.get(champ["apres"]) or lue) > lue:
            raise refuser(nom, "Cette date vient avant le début.")
        elif champ["genre"] == "fiche" and champ["de"] == "rendez_vous":
            rendez_vous_du_dossier(contexte, lue, operation.personne, nom)


def _remplies(valeurs: Mapping[str, Any]) -> dict[str, Any]:
    return {nom: en_json(valeur) for nom, valeur in valeurs.items() if not domaine.est_vide(valeur)}


def _jour(decrite: Decrite, valeurs: Mapping[str, Any]) -> dt.date | None:
    lu = valeurs.get(decrite["jour"])
    return dt.date.fromisoformat(lu) if lu else None


def _jour_en_texte(valeur: Any, semaine: bool = False) -> str:
    lu: str = lire.jour(valeur).isoformat()
    return domaine.lundi_de(lu) if semaine else lu


def _signature(valeur: Any) -> str:
    if isinstance(valeur, str) and len(valeur) <= SIGNATURE_MAX and _SIGNATURE.fullmatch(valeur):
        return valeur
    raise Invalide("Cette signature n’est pas lisible\u202f: refaites-la, ou signez sur papier.")


def _elements(champs: Sequence[Mapping[str, Any]], liste: str | None) -> Forme:
    """Une ligne, ou une case de grille (`liste` : ses clés) : ses champs remplis, ou rien s'il n'y en a aucun."""
    formes = {champ["nom"]: _forme(champ) for champ in champs}
    if liste is not None:
        formes["cle"] = lire.parmi(codes(liste))

    def lue(valeur: Any) -> dict[str, Any] | None:
        if not isinstance(valeur, dict) or not valeur.keys() <= formes.keys():
            raise Invalide("Une ligne n’a pas la forme attendue.")
        remplie = _remplies({nom: None if v is None else formes[nom](v) for nom, v in valeur.items()})
        if liste is not None and "cle" not in remplie:
            raise Invalide("Une ligne n’a pas la forme attendue.")
        return remplie if remplie.keys() - {"cle"} else None

    return lue


def _grille(champ: Mapping[str, Any]) -> Forme:
    lignes = lire.liste_de(_elements(champ["champs"], champ["liste"]), len(codes(champ["liste"])))

    def lue(valeur: Any) -> list[Any]:
        """Dans l'ordre de la liste, quel qu'ait été celui de l'envoi."""
        par_cle = {ligne["cle"]: ligne for ligne in lignes(valeur)}
        return [par_cle[cle] for cle in codes(champ["liste"]) if cle in par_cle]

    return lue


def _forme(champ: Mapping[str, Any]) -> Forme:
    genre = champ["genre"]
    if genre == "code":
        return lire.code(champ["liste"])
    if genre == "codes":
        return lire.liste_de(lire.code(champ["liste"]), 30)
    if genre == "lignes":
        return lire.liste_de(_elements(champ["champs"], None), LIGNES_MAX)
    if genre == "grille":
        return _grille(champ)
    degres = len(champ.get("degres") or ())
    simples: dict[str, Forme] = {
        "texte": lire.texte(TEXTE),
        "long": lire.texte(LONG, lignes=True),
        "booleen": lire.booleen,
        "entier": lire.entier(1 if degres else 0, degres or champ.get("maximum", 99)),
        "jour": partial(_jour_en_texte, semaine=bool(champ.get("semaine"))),
        "mois": lire.mois,
        "heures": lire.entier(0, MINUTES_MAX),
        "signature": _signature,
        "fiche": lire.identifiant,
    }
    return simples[genre]


@cache
def formes(code: str) -> Mapping[str, Forme]:
    """Les champs d'une opération sur cette forme : tous ceux de sa description, et rien d'autre."""
    decrite = charger()[code]
    cles: dict[str, Forme] = {"mesure_id": lire.identifiant}
    if decrite.get("partageable"):
        cles["partagee"] = lire.booleen
    return cles | {champ["nom"]: _forme(champ) for champ in decrite["champs"]}


@cache
def formes_retrait() -> Mapping[str, Forme]:
    return {"motif": lire.texte(LONG, lignes=True)}


def _regles(decrite: Decrite) -> dict[str, Regle]:
    code = decrite["code"]
    siennes = partial(formes, code)
    # Qui ne lit pas une forme ne l'écrit pas.
    roles = TERRAIN & {LECTEURS[lettre] for lettre in decrite["lecteurs"]}
    cite = {"mesure_id": "mesure"} | {c["nom"]: c["de"] for c in decrite["champs"] if c["genre"] == "fiche"}
    obligatoires = {
        champ["nom"]: champ["obligatoire"]
        for champ in decrite["champs"]
        if champ.get("obligatoire") and not champ.get("si") and not champ.get("regle")
    }
    if decrite.get("par_mesure"):
        obligatoires["mesure_id"] = "Choisissez la mesure."
    return {
        f"noter_{code}": Regle(partial(noter, decrite), siennes, roles, "piece", cite=cite, obligatoires=obligatoires),
        f"modifier_{code}": Regle(partial(modifier, decrite), siennes, roles, "piece", cite=cite, fusionne=True),
        f"retirer_{code}": Regle(
            partial(retirer, decrite),
            formes_retrait,
            roles,
            "piece",
            obligatoires={"motif": "Dites pourquoi elle est retirée."},
            ecrit=lambda valeurs, jour: {},
        ),
    }


GENRES = {genre: regle for decrite in charger().values() for genre, regle in _regles(decrite).items()}
