"""Arrondi et écriture des nombres dans les rapports.

Les rapports publiés arrondissent le quotient exact, au plus proche, la moitié vers le haut ; le nombre de décimales
est un paramètre de chaque tableau. Aucun nombre à virgule flottante n'intervient : 2,5 % doit donner 3 %, pas 2 %.
"""

from fractions import Fraction

ESPACE_FINE = "\u202f"


def entier(nombre: int) -> str:
    """1084 → « 1 084 », avec une espace fine insécable."""
    return f"{nombre:,}".replace(",", ESPACE_FINE)


def arrondir(valeur: Fraction, decimales: int) -> Fraction:
    """La valeur au plus proche à `decimales` décimales ; une moitié exacte s'éloigne de zéro."""
    if decimales < 0:
        raise ValueError("un nombre de décimales n'est pas négatif")
    echelle = 10**decimales
    entiers = (abs(valeur) * echelle * 2 + 1) // 2
    arrondie = Fraction(int(entiers), echelle)
    return -arrondie if valeur < 0 else arrondie


def decimal(valeur: Fraction, decimales: int) -> str:
    """La valeur arrondie, écrite avec une virgule : (2978/100, 1) → « 29,8 »."""
    arrondie = arrondir(valeur, decimales)
    signe = "-" if arrondie < 0 else ""
    chiffres = str(int(abs(arrondie) * 10**decimales)).rjust(decimales + 1, "0")
    if decimales == 0:
        return signe + entier(int(chiffres))
    return f"{signe}{entier(int(chiffres[:-decimales]))},{chiffres[-decimales:]}"


def part(nombre: int, base: int) -> Fraction | None:
    """La part en pour cent, exacte ; None quand la base est vide, car il n'y a alors rien à dire."""
    return Fraction(nombre * 100, base) if base else None


def pourcentage(nombre: int, base: int, decimales: int) -> str:
    """« 72,5 % » ; « — » quand la base est vide."""
    exacte = part(nombre, base)
    return "—" if exacte is None else f"{decimal(exacte, decimales)}{ESPACE_FINE}%"
