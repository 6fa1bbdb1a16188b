"""Ce que vaut le code de sortie d'une commande, pour les scripts qui l'appellent."""

from __future__ import annotations

from enum import IntEnum


class Issue(IntEnum):
    REUSSIE = 0
    REFUSEE = 1  # les données ou la règle s'y opposent ; rien n'a été changé
    MAL_ECRITE = 2  # la commande elle-même (convention de click)
    CONFIGURATION = 3  # secret trop faible, base absente, fichiers non construits
    INTERROMPU = 130  # 128 + SIGINT
