"""Sauvegarder la base pendant qu'elle sert, vérifier ce qui a été écrit, la remettre.

Rien ici ne dépend de Flask. `sqlite.py` et `postgresql.py` copient et remettent ; `epoque.py` porte ce qu'une
restauration change : la génération, et ce qui ne doit pas revenir.
"""


class SauvegardeImpossible(Exception):
    """La demande ne peut pas être faite ; le message se lit. Rien n'a été changé."""
