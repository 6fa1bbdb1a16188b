"""Les versions du protocole : une opération d'hier prend la forme d'aujourd'hui, une réponse se dit à celle d'hier.

Une étape par version, jamais retouchée : les opérations gardées sur un téléphone peuvent arriver des mois plus tard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from sync.operation import PROTOCOLE, Operation, Resultat

# Ce qu'un client de la première version ne connaît pas.
FICHES_DEPUIS = {"desaccord": 2, "partage": 2, "piece": 3, "cahier": 4, "feuille": 4}
STATUTS_DEPUIS = {"merged": 2, "conflict": 2}


def _de_1_a_2(operation: Operation) -> Operation:
    """La version 2 ajoute des genres et se sert de `base`, que la version 1 donnait déjà : rien à récrire.

    Un client de la version 1 ne voit pas les désaccords ; `Acteur.protocole` le dit à la fusion.
    """
    return operation


def _de_2_a_3(operation: Operation) -> Operation:
    """La version 3 ajoute les pièces : des genres nouveaux, et une sorte de fiche ; rien à récrire des anciens."""
    return operation


def _de_3_a_4(operation: Operation) -> Operation:
    """La version 4 ajoute les cahiers : des genres nouveaux, et deux sortes de fiche ; rien à récrire des anciens."""
    return operation


ETAPES: dict[int, Callable[[Operation], Operation]] = {1: _de_1_a_2, 2: _de_2_a_3, 3: _de_3_a_4}


def porter(operation: Operation, protocole: int) -> Operation:
    """L'opération, écrite sous `protocole`, à la forme courante."""
    for version in range(protocole, PROTOCOLE):
        operation = ETAPES[version](operation)
    return operation


def connait(protocole: int, fiche_type: str) -> bool:
    return protocole >= FICHES_DEPUIS.get(fiche_type, 1)


def dire(resultats: Iterable[Resultat], protocole: int) -> list[Resultat]:
    """Les résultats dans les mots de `protocole` : fusionnée ou en désaccord, pour la version 1 c'est fait."""
    return [
        msgspec.structs.replace(
            resultat,
            statut=_mot(resultat.statut, protocole),
            premier=_mot(resultat.premier, protocole) if isinstance(resultat.premier, str) else resultat.premier,
        )
        for resultat in resultats
    ]


def _mot(statut: str, protocole: int) -> str:
    return statut if protocole >= STATUTS_DEPUIS.get(statut, 1) else "applied"
