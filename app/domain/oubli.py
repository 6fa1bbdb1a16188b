"""Ce qui ne se garde pas d'un secteur au-delà de douze mois : un nom, des repères, ce qui s'est écrit.

Les comptes restent. Une seule définition : le serveur l'efface chaque jour, et chaque écran la devance, même resté
longtemps sans réseau.
Miroir : static/js/domain/oubli.js, mêmes cas dans tests/corpus/oubli.json.
"""

from app.domain import dates
from app.domain.cahier import jour as jour_de
from app.domain.cahier import valeur
from app.domain.feuilles import charger
from app.domain.maraude import GARDE_MOIS, connus
from app.domain.personne import Fiche

MOTIF = "Effacée\u202f: plus de douze mois."
# Ce qui s'est écrit à la main peut nommer quelqu'un.
TEXTES = ("texte", "long")
NUITS = ("maraude", "prevue")


def oublier(cahier: Fiche, jour: str) -> Fiche:
    """Le cahier tel qu'il se lit ce jour-là : sans les noms de qui n'a pas été rencontré depuis douze mois, et, des
    nuits plus anciennes, sans rien de ce qui s'y est écrit. `sans_nom` : une rencontre d'une de ces nuits, qui ne nomme
    plus personne.
    """
    limite = dates.ajouter_mois(jour, -GARDE_MOIS)
    feuilles = cahier.get("feuilles") or []
    passees = {f["id"] for f in feuilles if f["forme"] in NUITS and (jour_de(f) or jour) < limite}
    perdus = _perdus(cahier, limite)
    if not passees and not perdus:
        return cahier
    return {**cahier, "feuilles": [_feuille(f, passees, perdus) for f in feuilles]}


def _perdus(cahier: Fiche, limite: str) -> dict[str, str]:
    """Par personne connue à oublier, même retirée, le jour de sa dernière rencontre, à défaut celui de son nom. Une
    rencontre restée dans une maraude retirée, et que personne n'a encore rangée, a bien eu lieu.
    """
    ouvertes = [f if f["forme"] == "rencontre" else {**f, "retiree_le": None} for f in cahier.get("feuilles") or []]
    vus = {f["id"]: le or dates.jour_paris(f["note_le"]) for f, le in connus({**cahier, "feuilles": ouvertes})}
    return {identifiant: le for identifiant, le in vus.items() if le < limite}


def _feuille(feuille: Fiche, passees: set[str], perdus: dict[str, str]) -> Fiche:
    if feuille["id"] in perdus:
        le = f"{dates.ajouter_mois(perdus[feuille['id']], GARDE_MOIS)}T00:00:00Z"
        oubliee: Fiche = {"valeurs": {}, "revisions": [], "retiree_le": feuille.get("retiree_le") or le}
        return {**feuille, **oubliee, "retrait_motif": MOTIF}
    if feuille["id"] in passees:
        return _sans_textes(feuille)
    if feuille["forme"] == "rencontre" and valeur(feuille, "maraude_id") in passees:
        return {**_sans_textes(feuille), "sans_nom": True}
    return feuille


def _sans_textes(feuille: Fiche) -> Fiche:
    gardes = {champ["nom"] for champ in charger()[feuille["forme"]]["champs"] if champ["genre"] not in TEXTES}
    valeurs = {nom: lue for nom, lue in feuille["valeurs"].items() if nom in gardes}
    motif = MOTIF if feuille.get("retiree_le") else None
    return {**feuille, "valeurs": valeurs, "revisions": [], "retrait_motif": motif}
