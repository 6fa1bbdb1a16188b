"""Les années d'avant : les sorties de 2021, les séries de 2015 à 2017, et les deux années de la Moselle.

Les comptes sont ceux des rapports publiés ; tout le reste, les gens d'abord, est inventé.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from app.demonstration.agenda import jour_ouvre
from app.demonstration.cahier import Cahier
from app.demonstration.series import Passage, Serie, marques, melanges, noter, passages

# ASP Nancy Couronne, 2021 : les 127 personnes sorties ; celles qui sont restées sont dans les faits de 2022.
SORTIES_2021: Final = Serie("ASP-NC", 75, {2021: (127, 127)}, 330)
MOTIFS_2021: Final = {
    "emploi_durable": 14,
    "emploi_transition": 7,
    "cddi": 12,
    "formation": 6,
    "relais_france_travail": 24,
    "reorientation_mobilisation_sociale": 19,
    "reorientation_sociopro": 18,
    "dynamique_autre": 7,
    "sortie_rsa": 13,
    "demenagement": 5,
    "suspension_incarceration": 2,
}


@dataclass(frozen=True)
class Dispositif:
    """Une série, et ce que l'année 2017 dit de ses accompagnées : femmes, non bénéficiaires du RSA, handicap, sorties.

    Sans motifs, le rapport publié ne détaille pas ses sorties.
    """

    serie: Serie
    femmes: int
    sans_rsa: int
    rqth: int
    motifs: dict[str, int] = field(default_factory=dict)


# Le rapport 2017 donne ses sorties ensemble, 294 ; leur partage entre dispositifs est inventé, leur somme est tenue.
DISPOSITIFS: Final = (
    Dispositif(
        Serie("ASP-NC", 140, {2015: (261, 128), 2016: (237, 159), 2017: (222, 107)}, 330),
        62,
        0,
        8,
        {
            "cdi": 5,
            "cdd_plus_6_mois": 5,
            "cdd_moins_6_mois": 4,
            "cddi": 4,
            "contrat_aide": 1,
            "formation_qualifiante": 1,
            "sortie_rsa": 22,
            "retraite": 3,
            "aah": 2,
            "relais_freins_leves": 58,
            "abandon": 1,
            "suspension_incarceration": 1,
        },
    ),
    Dispositif(
        Serie("ASP-DOM", 60, {2015: (129, 54), 2016: (144, 77), 2017: (176, 102)}, 360),
        20,
        0,
        5,
        {
            "cdi": 1,
            "cdd_moins_6_mois": 3,
            "interim_moins_6_mois": 1,
            "cddi": 6,
            "sortie_rsa": 25,
            "aah": 2,
            "relais_freins_leves": 52,
            "abandon": 2,
            "suspension_incarceration": 7,
            "deces": 3,
        },
    ),
    Dispositif(
        Serie("ASP-LUN", 24, {2015: (58, 38), 2016: (50, 22), 2017: (70, 25)}, 182),
        20,
        0,
        3,
        {
            "cdi": 2,
            "cdd_plus_6_mois": 2,
            "cddi": 1,
            "contrat_aide": 1,
            "sortie_rsa": 5,
            "relais_freins_leves": 13,
            "abandon": 1,
        },
    ),
    Dispositif(
        Serie("ASP-TDL", 0, {2015: (52, 52), 2016: (42, 42), 2017: (37, 17)}, 182, close_en_decembre=True),
        12,
        0,
        1,
        {"cdi": 1, "cdd_plus_6_mois": 2, "cddi": 1, "sortie_rsa": 4, "relais_freins_leves": 9},
    ),
    Dispositif(
        Serie("SAL-CA", 12, {2015: (17, 1), 2016: (16, 7), 2017: (20, 6)}, 500),
        6,
        20,
        2,
        {"cdi": 1, "cdd_plus_6_mois": 1, "contrat_aide": 1, "formation_qualifiante": 1, "relais_freins_leves": 2},
    ),
    # Le rapport imprime « 27 37 18 » sans année, qui ne va avec rien ; ce que les totaux impliquent est 40, 37 et 3.
    Dispositif(
        Serie("MPP-LUN", 0, {2017: (22, 20)}, 92),
        7,
        2,
        1,
        {
            "cdi": 1,
            "cdd_moins_6_mois": 1,
            "contrat_aide": 1,
            "formation_qualifiante": 1,
            "sortie_rsa": 2,
            "relais_freins_leves": 14,
        },
    ),
    Dispositif(
        Serie("MPP-BAC", 0, {2017: (18, 17)}, 92),
        5,
        1,
        0,
        {"cdd_moins_6_mois": 1, "cddi": 1, "sortie_rsa": 2, "relais_freins_leves": 13},
    ),
    # Le rapport imprime deux colonnes sans année : 2016 et 2017 sont les plus vraisemblables.
    Dispositif(Serie("DSP-TDL", 58, {2016: (130, 71), 2017: (119, 90)}, 300), 48, 57, 6),
)
AUTREFOIS: Final = tuple(dict.fromkeys(d.serie.convention for d in DISPOSITIFS))
# Ce qu'était une sortie ordinaire, les années que le rapport ne détaille pas.
_ORDINAIRES: Final = {
    "cdi": 5,
    "cdd_plus_6_mois": 4,
    "cdd_moins_6_mois": 4,
    "cddi": 5,
    "formation_qualifiante": 2,
    "sortie_rsa": 22,
    "relais_freins_leves": 50,
    "demenagement": 4,
    "abandon": 3,
    "autre": 1,
}


def noter_sorties_2021(cahier: Cahier, referents: Sequence[str]) -> None:
    alea = cahier.invention.alea
    motifs, sexes = melanges(MOTIFS_2021, alea), melanges({"femme": 38, "homme": 89}, alea)
    for rang, passage in enumerate(passages(SORTIES_2021, alea)):
        noter(cahier, "ASP-NC", referents[rang % len(referents)], passage, sexes[rang], motifs[rang])


def noter_dispositif(cahier: Cahier, dispositif: Dispositif, referents: Sequence[str]) -> None:
    """Les accompagnées de 2017 portent les comptes publiés ; les autres années, des parts qui leur ressemblent."""
    alea, serie = cahier.invention.alea, dispositif.serie
    suite = passages(serie, alea)
    accompagnees = serie.annees[2017][0]
    sexes = melanges({"femme": dispositif.femmes, "homme": accompagnees - dispositif.femmes}, alea)
    sans_rsa = marques(accompagnees, dispositif.sans_rsa, alea)
    rqth = marques(accompagnees, dispositif.rqth, alea)
    motifs = melanges(dispositif.motifs, alea)
    for rang, passage in enumerate(suite):
        if passage.sortie.year >= 2017:
            sexe, non, handicap = sexes.pop(), sans_rsa.pop(), rqth.pop()
        else:
            part = dispositif.sans_rsa / accompagnees
            sexe, non = alea.choice(("femme", "homme", "homme")), alea.random() < part
            handicap = alea.random() < 0.04
        motif = motifs.pop() if passage.sortie.year == 2017 and motifs else _ordinaire(alea)
        rsa = "non_beneficiaire" if non else "beneficiaire"
        referent = referents[rang % len(referents)]
        noter(cahier, serie.convention, referent, passage, sexe, motif, rsa=rsa, rqth=handicap)


def _ordinaire(alea: Random) -> str:
    return alea.choices(tuple(_ORDINAIRES), tuple(_ORDINAIRES.values()))[0]


# Accompagnement global de la Moselle : les deux années qui finissent en mai 2017, ensemble.
MOSELLE_DU, MOSELLE_AU = date(2015, 6, 1), date(2017, 5, 31)
MOSELLE: Final = 3_987
_PRESENTES_EN_JUIN_2015: Final = 210
_SEXES: Final = {"homme": 2_145, "femme": 1_842}
# Une date de naissance manque : les trois âges publiés font 3 986.
_AGES: Final = {"18-25": 238, "26-49": 2_986, "50-64": 762, "": 1}
_NIVEAUX: Final = {
    "jamais_scolarise": 184,
    "infra_3": 1_100,
    "niveau_3": 1_841,
    "niveau_4": 552,
    "niveau_5": 190,
    "niveau_6": 90,
    "niveau_7": 30,
}
_HANDICAP: Final = 499
_MINIMA: Final = {"rsa": 2_450, "ass": 617, "aah": 17, "ata_ada": 19, "are": 420, "salaire": 150, "sans_ressource": 314}
_EMPLOIS: Final = {
    "cdi": 156,
    "cdd_plus_6_mois": 390,
    "interim_plus_6_mois": 37,
    "cdd_moins_6_mois": 250,
    "interim_moins_6_mois": 74,
    "creation_entreprise": 15,
}
_AUTRES_SORTIES: Final = {
    "relais_france_travail": 1_341,
    "formation_qualifiante": 90,
    "formation_autre": 55,
    "retraite": 14,
    "pension_invalidite": 11,
    "aah": 8,
    "abandon": 190,
    "demenagement": 71,
    "autre": 128,
}
# Sortis au troisième trimestre 2016 : ceux qui ont accédé à un emploi sont 35,3 %.
_TRIMESTRE: Final = (date(2016, 7, 1), date(2016, 9, 30))
_ACCES: Final = 353


def noter_moselle(cahier: Cahier, referents: Sequence[str]) -> None:
    alea = cahier.invention.alea
    suite = _passages_moselle(alea)
    motifs = _motifs_moselle(suite, alea)
    repartis = [melanges(comptes, alea) for comptes in (_SEXES, _AGES, _NIVEAUX, _MINIMA)]
    handicap = marques(MOSELLE, _HANDICAP, alea)
    for rang, (passage, sexe, ages, niveau, minimum) in enumerate(zip(suite, *repartis, strict=True)):
        valeurs: dict[str, Any] = {"rsa": "beneficiaire" if minimum == "rsa" else "non_beneficiaire"}
        if minimum != "rsa":
            valeurs["ressources"] = [minimum]
        naissance = _naissance(ages, alea)
        valeurs |= {"date_naissance": naissance and (naissance, "jour"), "niveau_formation": niveau}
        referent, rqth = referents[rang % len(referents)], handicap[rang]
        noter(cahier, "MOS-AG", referent, passage, sexe, motifs[rang], rqth=rqth, **valeurs)


def _passages_moselle(alea: Random) -> list[Passage]:
    """De six à neuf mois chacun ; les 2 830 premiers entrés sont sortis fin mai 2017."""
    avant = [date(2015, 3, 2) + timedelta(alea.randrange(88)) for _ in range(_PRESENTES_EN_JUIN_2015)]
    pendant = [MOSELLE_DU + timedelta(alea.randrange(728)) for _ in range(MOSELLE - len(avant))]
    sorties = sum(_EMPLOIS.values()) + sum(_AUTRES_SORTIES.values())
    suite = []
    for rang, entree in enumerate(sorted(jour_ouvre(jour, apres=False) for jour in avant + pendant)):
        sortie = entree + timedelta(alea.randrange(182, 275))
        if rang < sorties:
            suite.append(Passage(entree, jour_ouvre(min(sortie, MOSELLE_AU), apres=False)))
        else:
            apres = MOSELLE_AU + timedelta(2 + alea.randrange(60))
            suite.append(Passage(entree, jour_ouvre(max(sortie, apres), apres=True)))
    return _a_la_part_publiee(suite)


def _a_la_part_publiee(suite: list[Passage]) -> list[Passage]:
    """Le trimestre suivi, à un effectif où 35,3 % est une part possible : les derniers sortis le sont en octobre."""
    suivis = sorted((p.sortie, rang) for rang, p in enumerate(suite) if _dans_le_trimestre(p))
    while abs(1_000 * _en_emploi(len(suivis)) - _ACCES * len(suivis)) * 2 >= len(suivis):
        _, rang = suivis.pop()
        suite[rang] = suite[rang]._replace(sortie=date(2016, 10, 3))
    return suite


def _dans_le_trimestre(passage: Passage) -> bool:
    return _TRIMESTRE[0] <= passage.sortie <= _TRIMESTRE[1]


def _en_emploi(suivis: int) -> int:
    return (suivis * _ACCES + 500) // 1_000


def _motifs_moselle(suite: Sequence[Passage], alea: Random) -> list[str]:
    """Un motif par passage : les emplois du trimestre suivi d'abord, à leur part publiée, puis tout le reste."""
    emplois, autres = melanges(_EMPLOIS, alea), melanges(_AUTRES_SORTIES, alea)
    suivis = [rang for rang, passage in enumerate(suite) if _dans_le_trimestre(passage)]
    motifs: dict[int, str] = {}
    for place, rang in enumerate(alea.sample(suivis, len(suivis))):
        motifs[rang] = (emplois if place < _en_emploi(len(suivis)) else autres).pop()
    reste = emplois + autres
    alea.shuffle(reste)
    for rang, passage in enumerate(suite):
        if rang not in motifs:
            motifs[rang] = reste.pop() if passage.sortie <= MOSELLE_AU else "relais_france_travail"
    return [motifs[rang] for rang in range(len(suite))]


def _naissance(ages: str, alea: Random) -> date | None:
    """Née de sorte à avoir l'un de ces âges le dernier jour."""
    if not ages:
        return None
    jeune, vieux = (int(age) for age in ages.split("-"))
    return MOSELLE_AU.replace(year=MOSELLE_AU.year - alea.randint(jeune, vieux)) - timedelta(alea.randrange(365))
