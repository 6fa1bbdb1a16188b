"""Réglages communs à tous ceux qui lisent les gabarits : Flask, la construction, les tests.

Les gabarits de ``templates/partages`` sont aussi compilés en JavaScript (``tools/gabarits``) : les
mêmes réglages et les mêmes filtres des deux côtés font que le HTML est le même à l'octet près.
"""

from jinja2 import Environment

from app.gabarits.filtres import FILTRES
from app.gabarits.resserrement import Resserrement


def configurer(env: Environment) -> Environment:
    """Pose échappement, blancs et filtres du projet sur un environnement Jinja2, et le rend."""
    env.autoescape = True
    env.trim_blocks = True
    env.lstrip_blocks = True
    env.filters.update(FILTRES)
    env.add_extension(Resserrement)
    return env
