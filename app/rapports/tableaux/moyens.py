"""Les moyens : ce que la convention prévoit, et le temps de travail de l'équipe par fonction."""

from fractions import Fraction
from typing import Final

from app.domain.convention.regles import PAR_NOM
from app.domain.indicateurs import arrondi, catalogue
from app.equipe.temps import temps_par_fonction
from app.rapports.demande import Demande
from app.rapports.faits import Faits
from app.rapports.regles import Regles
from app.rapports.tableau import Cellule, Colonne, Ligne, Tableau

_REGLES: Final = (
    "financeurs",
    "pole",
    "territoire",
    "public",
    "places",
    "places_par_etp",
    "quota_brsa",
    "etp",
    "lieux",
    "prescripteurs",
    "partenaires",
    "instances",
)


def cadre(_: Faits, __: Demande, regles: Regles) -> Tableau | None:
    """Ce que dit chaque convention, une colonne chacune ; une règle qu'aucune ne dit n'a pas de ligne."""
    lignes = []
    for nom in _REGLES:
        dites = [regles.de(version, nom) for version in regles.versions]
        if any(dite is not None for dite in dites):
            forme = PAR_NOM[nom].forme
            textes = ["" if dite is None else "\u202f; ".join(forme.dire(dite)) for dite in dites]
            lignes.append(Ligne(nom, PAR_NOM[nom].libelle, tuple(Cellule(texte) for texte in textes), "texte"))
    if not lignes:
        return None
    colonnes = tuple(Colonne(version.code, version.code) for version in regles.versions)
    return Tableau("cadre", "Ce que prévoit la convention", "en toutes lettres", tuple(lignes), colonnes)


def equipe(faits: Faits, demande: Demande, regles: Regles) -> Tableau | None:
    """L'équipe par fonction, en équivalents temps plein au dernier jour ; rien si le personnel n'est pas noté."""
    temps = temps_par_fonction(faits.session, demande.structure_id, demande.periode.dernier_jour)
    codes = [version.code for version in regles.versions]
    fonctions = sorted({fonction for fonction, code in temps if code in codes})
    if not fonctions:
        return None
    lignes = [
        Ligne(
            f"f{rang}",
            fonction,
            _cellules([temps.get((fonction, code), Fraction(0)) for code in codes]),
            indicateur="temps_par_fonction",
        )
        for rang, fonction in enumerate(fonctions, 1)
    ]
    totaux = [sum((temps.get((f, code), Fraction(0)) for f in fonctions), Fraction(0)) for code in codes]
    lignes.append(Ligne("total", "Total", _cellules(totaux), "total", "temps_par_fonction"))
    colonnes = [Colonne(code, code) for code in codes]
    if len(codes) > 1:
        colonnes.append(Colonne("total", "Total"))
    jour = f"{demande.periode.dernier_jour:%d/%m/%Y}"
    return Tableau(
        "equipe",
        catalogue.nom("temps_par_fonction"),
        "équivalents temps plein",
        tuple(lignes),
        tuple(colonnes),
        notes=(f"Au {jour}.",),
    )


def _cellules(temps: list[Fraction]) -> tuple[Cellule, ...]:
    """Une cellule par convention, et leur somme quand il y en a plusieurs."""
    valeurs = [*temps, sum(temps, Fraction(0))] if len(temps) > 1 else temps
    return tuple(Cellule(arrondi.decimal(valeur, 2), exact=valeur, decimales=2) for valeur in valeurs)
