"""Les jours où l'on peut proposer un rendez-vous : ni fin de semaine, ni jour férié légal.

Les deux jours fériés propres à l'Alsace et à la Moselle ne sont pas comptés : on propose, on n'impose rien.
Miroir : static/js/domain/jours_ouvres.js, mêmes cas dans tests/corpus/dates.json.
"""

from app.domain import dates

# Mois et jour des fêtes à date fixe (code du travail, article L3133-1).
FIXES = ("01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25")
# Lundi de Pâques, Ascension, lundi de Pentecôte : jours après Pâques.
MOBILES = (1, 39, 50)


def paques(annee: int) -> str:
    """Le dimanche de Pâques du calendrier grégorien."""
    siecle, rang = divmod(annee, 100)
    or_ = annee % 19
    epacte = (19 * or_ + siecle - siecle // 4 - (siecle - (siecle + 8) // 25 + 1) // 3 + 15) % 30
    semaine = (32 + 2 * (siecle % 4) + 2 * (rang // 4) - epacte - rang % 4) % 7
    correction = (or_ + 11 * epacte + 22 * semaine) // 451
    mois, jour = divmod(epacte + semaine - 7 * correction + 114, 31)
    return f"{annee:04d}-{mois:02d}-{jour + 1:02d}"


def est_ferie(jour: str) -> bool:
    if jour[5:] in FIXES:
        return True
    dimanche = paques(int(jour[:4]))
    return jour in [dates.ajouter_jours(dimanche, apres) for apres in MOBILES]


def est_ouvre(jour: str) -> bool:
    return dates.jour_de_semaine(jour) < 5 and not est_ferie(jour)


def ouvre_au_plus_tot(jour: str) -> str:
    """Le jour lui-même s'il est ouvré, sinon le premier qui le suit."""
    while not est_ouvre(jour):
        jour = dates.ajouter_jours(jour, 1)
    return jour


def ouvre_au_plus_tard(jour: str) -> str:
    """Le jour lui-même s'il est ouvré, sinon le dernier qui le précède."""
    while not est_ouvre(jour):
        jour = dates.ajouter_jours(jour, -1)
    return jour
