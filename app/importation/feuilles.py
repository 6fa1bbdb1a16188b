"""D'un fichier à des lignes lues : titres reconnus, cellules lues une à une, anomalies notées."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from app.importation.anomalie import Anomalies
from app.importation.colonnes import ORDRE, Colonne, fichiers
from app.importation.illisible import FichierIllisible
from app.importation.lecture import Cellule, Feuille, Ligne, lire
from app.importation.valeurs import ValeurRefusee

Avancer = Callable[[int], None]
# Une barre de progression redessinée à chaque ligne coûterait plus que la ligne.
PAS: Final = 500


@dataclass(frozen=True)
class Lue:
    """Une ligne lue sans anomalie : seules les cellules remplies y sont."""

    numero: int
    valeurs: dict[str, Any]


@dataclass
class Lues:
    """Les lignes d'un fichier. `refusees` garde les références des lignes écartées, pour le dire à qui les cite."""

    fichier: str
    lignes: list[Lue] = field(default_factory=list)
    refusees: set[str] = field(default_factory=set)


def trouver(dossier: Path, anomalies: Anomalies) -> dict[str, Path]:
    """Les fichiers à lire, dans l'ordre de l'import. Un nom inconnu est une anomalie : c'est souvent une faute."""
    trouves: dict[str, Path] = {}
    for chemin in sorted(dossier.iterdir()):
        extension = chemin.suffix.lower()
        if not chemin.is_file() or extension not in (".csv", ".xlsx") or chemin.name.startswith((".", "~")):
            continue
        nom = chemin.stem.lower().replace("-", "_")
        if nom not in ORDRE:
            anomalies.ajouter(chemin.name, None, None, f"nom de fichier inconnu ; attendus : {', '.join(ORDRE)}")
        elif nom in trouves:
            anomalies.ajouter(chemin.name, None, None, f"fait double emploi avec {trouves[nom].name}")
        else:
            trouves[nom] = chemin
    return {nom: trouves[nom] for nom in ORDRE if nom in trouves}


def lire_fichier(nom: str, chemin: Path, anomalies: Anomalies, avancer: Avancer) -> Lues:
    """Toutes les lignes du fichier qui se lisent ; ce qui ne se lit pas est dans `anomalies`."""
    lues = Lues(chemin.name)
    try:
        feuille = lire(chemin)
        reconnues = _reconnaitre(nom, feuille, chemin.name, anomalies)
        if reconnues is not None:
            _lire_lignes(feuille, reconnues, lues, anomalies, avancer)
    except FichierIllisible as erreur:
        anomalies.ajouter(chemin.name, erreur.ligne, None, erreur.message)
    return lues


def _reconnaitre(nom: str, feuille: Feuille, fichier: str, anomalies: Anomalies) -> list[Colonne | None] | None:
    """La colonne de chaque titre ; None si le fichier ne peut pas être lu avec ces titres."""
    connues = {c.nom: c for c in fichiers()[nom]}
    avant = anomalies.nombre
    vues: set[str] = set()
    for titre in filter(None, feuille.titres):
        if titre not in connues:
            anomalies.ajouter(fichier, 1, None, "colonne inconnue", titre)
        elif titre in vues:
            anomalies.ajouter(fichier, 1, titre, "colonne en double")
        vues.add(titre)
    for colonne in connues.values():
        if colonne.obligatoire and colonne.nom not in vues:
            anomalies.ajouter(fichier, 1, colonne.nom, "colonne obligatoire absente")
    if anomalies.nombre > avant:
        return None
    return [connues.get(titre) for titre in feuille.titres]


def _lire_lignes(
    feuille: Feuille, reconnues: list[Colonne | None], lues: Lues, anomalies: Anomalies, avancer: Avancer
) -> None:
    # Une démarche n'a pas de référence à elle : elle tombe, ou non, avec l'entretien qu'elle cite.
    unique = any(c is not None and c.nom == "reference" for c in reconnues)
    cle = "reference" if unique else "entretien"
    references: set[str] = set()
    obligatoires = [c.nom for c in reconnues if c is not None and c.obligatoire]
    depuis = 0
    for ligne in feuille.lignes:
        valeurs, juste = _lire_ligne(ligne, reconnues, obligatoires, lues.fichier, anomalies)
        reference = valeurs.get(cle)
        if unique and reference in references:
            anomalies.ajouter(lues.fichier, ligne.numero, "reference", "référence déjà prise plus haut", reference)
            juste = False
        elif juste:
            lues.lignes.append(Lue(ligne.numero, valeurs))
        if reference is not None:
            references.add(reference)
            if not juste:
                lues.refusees.add(reference)
        depuis += 1
        if depuis == PAS:
            avancer(depuis)
            depuis = 0
    avancer(depuis)


def _lire_ligne(
    ligne: Ligne, reconnues: list[Colonne | None], obligatoires: list[str], fichier: str, anomalies: Anomalies
) -> tuple[dict[str, Any], bool]:
    valeurs: dict[str, Any] = {}
    refusees: set[str] = set()
    juste = True
    for rang, cellule in enumerate(ligne.cellules):
        if _vide(cellule):
            continue
        colonne = reconnues[rang] if rang < len(reconnues) else None
        if colonne is None:
            anomalies.ajouter(fichier, ligne.numero, None, "cellule en trop, hors des colonnes titrées", cellule)
            juste = False
            continue
        try:
            valeurs[colonne.nom] = colonne.lire(cellule)
        except ValeurRefusee as refus:
            anomalies.ajouter(fichier, ligne.numero, colonne.nom, str(refus), cellule)
            refusees.add(colonne.nom)
            juste = False
    for nom in obligatoires:
        if nom not in valeurs and nom not in refusees:
            anomalies.ajouter(fichier, ligne.numero, nom, "valeur obligatoire absente")
            juste = False
    return valeurs, juste


def _vide(cellule: Cellule) -> bool:
    return cellule is None or (isinstance(cellule, str) and (not cellule or cellule.isspace()))
