"""Noter une pièce, la modifier, la retirer : un formulaire lu d'après la description de sa forme.

Les champs portent leur nom ; ceux d'une ligne « objectifs-0-actions », ceux d'une grille « freins-mobilite-niveau ».
Miroir : static/js/domain/saisie/piece.js, mêmes cas dans tests/corpus/saisie_pieces.json.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from app.domain import dates, nomenclatures, piece
from app.domain.formes import Forme, a_la_regle, forme
from app.domain.identifiant import est_identifiant
from app.domain.mesure import convention_au
from app.domain.personne import Fiche
from app.domain.position import est_position
from app.domain.saisie.lecture import (
    TEXTE_COURT,
    TEXTE_LONG,
    Resultat,
    Saisie,
    conclure,
    lire_base,
    lire_heure,
    lire_identifiant,
    lire_jour,
    lire_texte,
    liste,
    nouveau_resultat,
    operation,
    texte,
)
from app.domain.saisie.rendez_vous import mesure_choisie, mesure_du_rendez_vous

LIGNES_MAX = 20
SIGNATURE_MAX = 6_000
MINUTES_MAX = 168 * 60
_SIGNATURE = re.compile(r"(M[0-9]{1,3} [0-9]{1,3}( [0-9]{1,3} [0-9]{1,3})*)+")
_HEURES = re.compile(r"([0-9]{1,3})(?:\s*[hH:.,]\s*([0-9]{0,2}))?(?:\s*min)?")


def lire_piece(saisie: Saisie, contexte: dict[str, Any], existante: Fiche | None = None) -> Resultat:
    """Champs `op_id`, `forme`, `entite`, `mesure_id`, `partagee` = « oui », et ceux de la forme ; `contexte` :
    `aujourd_hui`, `dossier`, `reference`. Avec `existante`, seul ce qui change part.
    """
    resultat = nouveau_resultat()
    decrite = forme(existante["forme"] if existante else texte(saisie, "forme"))
    if decrite is None:
        resultat["erreurs"]["forme"] = "Choisissez ce que vous notez."
        return conclure(resultat)
    mesure_id = _mesure(resultat, saisie, contexte, existante)
    convention = convention_de(contexte, mesure_id)
    lus: dict[str, Any] = {"mesure_id": mesure_id}
    if decrite.get("partageable"):
        lus["partagee"] = texte(saisie, "partagee") == "oui"
    demandes = [champ for champ in decrite["champs"] if a_la_regle(convention, champ.get("regle"))]
    for champ in demandes:
        lus[champ["nom"]] = lire_valeur(resultat, saisie, champ, champ["nom"], contexte)
    for champ in demandes:
        # Signer à l'écran, c'est signer ce jour-là.
        if champ["genre"] == "signature" and lus[champ["nom"]]:
            lus[champ["signe_le"]] = lus[champ["signe_le"]] or contexte["aujourd_hui"]
    for champ in demandes:
        if piece.est_appele(champ, lus):
            verifier(resultat, champ, lus, contexte["aujourd_hui"])
        else:
            # Ce que la réponse d'au-dessus n'appelle plus ne se garde pas, fût-ce mal tapé.
            lus[champ["nom"]] = None
            resultat["erreurs"].pop(champ["nom"], None)
    resultat["champs"] = lus
    identifiant = lire_identifiant(resultat, saisie, "op_id")
    personne_id = contexte["dossier"]["personne"]["id"]
    if existante is None:
        entite = lire_identifiant(resultat, saisie, "entite")
        remplis = {
            nom: lue for nom, lue in lus.items() if not piece.est_vide(lue) and (nom, lue) != ("partagee", False)
        }
        genre = f"noter_{decrite['code']}"
        resultat["operations"].append(operation(identifiant, genre, entite, personne_id, remplis))
        return conclure(resultat)
    changes = {nom: lue for nom, lue in lus.items() if not piece.pareilles(lue, _connue(existante, nom))}
    if changes:
        genre = f"modifier_{decrite['code']}"
        base = lire_base(saisie, existante)
        resultat["operations"].append(operation(identifiant, genre, existante["id"], personne_id, changes, base))
    return conclure(resultat)


def lire_retrait(saisie: Saisie, contexte: dict[str, Any]) -> Resultat:
    """Champs `op_id`, `motif` ; `contexte` : la `piece`, ou feuille. Déjà retirée, elle ne l'est pas deux fois."""
    resultat, fiche = nouveau_resultat(), contexte["piece"]
    identifiant = lire_identifiant(resultat, saisie, "op_id")
    motif = lire_texte(resultat, saisie, "motif", TEXTE_LONG)
    resultat["champs"] = {"motif": motif}
    if motif is None:
        resultat["erreurs"]["motif"] = "Dites pourquoi elle est retirée."
    if not fiche.get("retiree_le"):
        genre, base = f"retirer_{fiche['forme']}", lire_base(saisie, fiche)
        tenue_par = fiche.get("cahier_id") or fiche["personne_id"]
        resultat["operations"].append(operation(identifiant, genre, fiche["id"], tenue_par, {"motif": motif}, base))
    return conclure(resultat)


def convention_de(contexte: Mapping[str, Any], mesure_id: str | None) -> Fiche | None:
    """La convention qui règle cette mesure aujourd'hui."""
    mesures = contexte["dossier"]["mesures"]
    trouvee = next((mesure for mesure in mesures if mesure["id"] == mesure_id), None)
    if trouvee is None:
        return None
    return convention_au(contexte["reference"]["conventions"], trouvee["convention"], contexte["aujourd_hui"])


def _mesure(resultat: Resultat, saisie: Saisie, contexte: dict[str, Any], existante: Fiche | None) -> str | None:
    if existante is not None and "mesure_id" not in saisie:
        return None if existante["mesure_id"] is None else str(existante["mesure_id"])
    choisie = mesure_choisie(resultat, saisie, contexte["dossier"], contexte["aujourd_hui"])
    return mesure_du_rendez_vous(resultat, contexte["dossier"], contexte["aujourd_hui"], choisie)


def _connue(existante: Fiche, nom: str) -> Any:
    return existante[nom] if nom in piece.CLES else existante["valeurs"].get(nom)


def verifier(resultat: Resultat, champ: Forme, lus: Mapping[str, Any], aujourd_hui: str) -> None:
    nom, lue, erreurs = champ["nom"], lus[champ["nom"]], resultat["erreurs"]
    if piece.est_vide(lue):
        if champ.get("obligatoire") and piece.est_vide(lus.get(champ.get("sauf", ""))):
            erreurs.setdefault(nom, champ["obligatoire"])
    elif champ.get("passe") and lue > aujourd_hui:
        erreurs[nom] = "Cette date est dans l’avenir."
    elif (debut := lus.get(champ.get("apres", ""))) and champ["genre"] == "heure":
        if lue <= debut:
            erreurs[nom] = "Cela finirait avant de commencer."
    elif debut and lue < debut:
        erreurs[nom] = "Cette date vient avant le début."


def lire_valeur(resultat: Resultat, saisie: Saisie, champ: Forme, nom: str, contexte: dict[str, Any]) -> Any:
    return _LECTURES[champ["genre"]](resultat, saisie, champ, nom, contexte)


def _texte(resultat: Resultat, saisie: Saisie, champ: Forme, nom: str, contexte: dict[str, Any]) -> str | None:
    return lire_texte(resultat, saisie, nom, TEXTE_LONG if champ["genre"] == "long" else TEXTE_COURT)


def _code(resultat: Resultat, saisie: Saisie, champ: Forme, nom: str, contexte: dict[str, Any]) -> str | None:
    lu = texte(saisie, nom) or None
    if lu is not None and not nomenclatures.est_code(champ["liste"], lu):
        resultat["erreurs"][nom] = "Choisissez une réponse de la liste."
    return lu


def _codes(resultat: Resultat, saisie: Saisie, champ: Forme, nom: str, contexte: dict[str, Any]) -> list[str]:
    lus = liste(saisie, nom)
    return [code for code in nomenclatures.codes(champ["liste"]) if code in lus]


def _booleen(resultat: Resultat, saisie: Saisie, champ: Forme, nom: str, contexte: dict[str, Any]) -> bool | None:
    return {"oui": True, "non": False}.get(texte(saisie, nom))


def _entier(resultat: Resultat, saisie: Saisie, champ: Forme, nom: str, contexte: dict[str, Any]) -> int | None:
    lu, maximum = texte(saisie, nom), len(champ.get("degres") or ()) or champ.get("maximum", 99)
    if not lu:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", lu) or int(lu) > maximum:
        resultat["erreurs"][nom] = f"Indiquez un nombre de 0 à {maximum}."
        return None
    return int(lu) or (None if champ.get("degres") else 0)


def _jour(resultat: Resultat, saisie: Saisie, champ: Forme, nom: str, contexte: dict[str, Any]) -> str | None:
    lu = lire_jour(resultat, saisie, nom)
    return piece.lundi_de(lu) if lu and champ.get("semaine") else lu


def _mois(resultat: Resultat, saisie: Saisie, champ: Forme, nom: str, contexte: dict[str, Any]) -> str | None:
    lu = texte(saisie, nom)
    if lu and dates.lire_jour(f"{lu}-01") is None:
        resultat["erreurs"][nom] = "Indiquez le mois et l’année, par exemple 2026-11."
        return None
    return lu or None


def _heures(resultat: Resultat, saisie: Saisie, champ: Forme, nom: str, contexte: dict[str, Any]) -> int | None:
    """« 15 », « 15 h », « 1 h 30 », « 1:30 » : des minutes."""
    lu = texte(saisie, nom)
    if not lu:
        return None
    trouve = _HEURES.fullmatch(re.sub(r"[\u00a0\u202f]", " ", lu))
    minutes = int(trouve[1]) * 60 + int(trouve[2] or 0) if trouve else -1
    if trouve is None or int(trouve[2] or 0) > 59 or minutes > MINUTES_MAX:
        resultat["erreurs"][nom] = "Écrivez une durée comme 15 h ou 1 h 30."
        return None
    return minutes


def _heure(resultat: Resultat, saisie: Saisie, champ: Forme, nom: str, contexte: dict[str, Any]) -> str | None:
    return lire_heure(resultat, saisie, nom)


def _collegues(resultat: Resultat, saisie: Saisie, champ: Forme, nom: str, contexte: dict[str, Any]) -> list[str]:
    """Ceux qui tiennent le cahier, et ceux qui y étaient déjà nommés."""
    return [lu for lu in liste(saisie, nom) if est_identifiant(lu)]


def _dossier(resultat: Resultat, saisie: Saisie, champ: Forme, nom: str, contexte: dict[str, Any]) -> str | None:
    """Celui que la page nommait, s'il est encore de ceux de l'auteur."""
    lu = texte(saisie, nom).lower() or None
    if lu is not None and lu != contexte.get("dossier_id"):
        resultat["erreurs"][nom] = "Ce dossier n’est plus dans votre carnet : inscrivez la personne sans dossier."
    return lu


def _conventions(resultat: Resultat, saisie: Saisie, champ: Forme, nom: str, contexte: dict[str, Any]) -> list[str]:
    """Celles de la structure, et celles qui étaient déjà dites."""
    return [lu for lu in liste(saisie, nom) if lu in contexte["conventions"]]


def _lignes(resultat: Resultat, saisie: Saisie, champ: Forme, nom: str, contexte: dict[str, Any]) -> list[Any]:
    """Les lignes remplies ; vider une ligne, ou cocher « Retirer », c'est l'ôter."""
    lues = []
    for rang in range(LIGNES_MAX):
        if texte(saisie, f"{nom}-{rang}-retirer"):
            continue
        ligne = _remplis(resultat, saisie, champ, f"{nom}-{rang}", contexte)
        if ligne:
            lues.append(ligne)
    return lues


def _grille(resultat: Resultat, saisie: Saisie, champ: Forme, nom: str, contexte: dict[str, Any]) -> list[Any]:
    lues = []
    for cle in nomenclatures.codes(champ["liste"]):
        case = _remplis(resultat, saisie, champ, f"{nom}-{cle}", contexte)
        if case:
            lues.append({"cle": cle, **case})
    return lues


def _remplis(resultat: Resultat, saisie: Saisie, champ: Forme, nom: str, contexte: dict[str, Any]) -> dict[str, Any]:
    lus = {c["nom"]: lire_valeur(resultat, saisie, c, f"{nom}-{c['nom']}", contexte) for c in champ["champs"]}
    return {petit: lu for petit, lu in lus.items() if not piece.est_vide(lu)}


def _signature(resultat: Resultat, saisie: Saisie, champ: Forme, nom: str, contexte: dict[str, Any]) -> str | None:
    lu = texte(saisie, nom)
    if lu and (len(lu) > SIGNATURE_MAX or not _SIGNATURE.fullmatch(lu)):
        resultat["erreurs"][nom] = "Cette signature n’a pas pu être lue\u202f: refaites-la, ou signez sur papier."
        return None
    return lu or None


def _position(resultat: Resultat, saisie: Saisie, champ: Forme, nom: str, contexte: dict[str, Any]) -> str | None:
    lu = texte(saisie, nom)
    if lu and not est_position(lu):
        resultat["erreurs"][nom] = "Cette position n’a pas pu être lue\u202f: reprenez-la, ou écrivez où."
        return None
    return lu or None


def _fiche(resultat: Resultat, saisie: Saisie, champ: Forme, nom: str, contexte: dict[str, Any]) -> str | None:
    lu = texte(saisie, nom).lower() or None
    if lu is not None and lu not in [
        fiche["id"] for fiche in citables(contexte.get("cahier") or contexte["dossier"], champ)
    ]:
        resultat["erreurs"][nom] = "Choisissez dans la liste."
    return lu


def citables(dossier: Fiche, champ: Mapping[str, Any]) -> list[Fiche]:
    """Les fiches qu'un champ peut citer, la plus récente d'abord ; d'un cahier, ses feuilles, même retirées."""
    if dossier.get("cahier"):
        return [feuille for feuille in dossier.get("feuilles") or [] if feuille["forme"] == champ["de"]]
    return sorted(dossier["rendez_vous"], key=lambda fiche: (fiche["debut"], fiche["id"]), reverse=True)


_LECTURES: dict[str, Callable[[Resultat, Saisie, Forme, str, dict[str, Any]], Any]] = {
    "texte": _texte,
    "long": _texte,
    "code": _code,
    "codes": _codes,
    "booleen": _booleen,
    "entier": _entier,
    "jour": _jour,
    "mois": _mois,
    "heures": _heures,
    "heure": _heure,
    "collegues": _collegues,
    "dossier": _dossier,
    "conventions": _conventions,
    "lignes": _lignes,
    "grille": _grille,
    "signature": _signature,
    "position": _position,
    "fiche": _fiche,
}
