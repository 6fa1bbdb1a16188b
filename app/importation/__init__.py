"""Reprendre les données d'un autre outil : des fichiers lus, contrôlés ensemble, écrits d'un coup ou pas du tout."""

from app.importation.importation import Compte, Importation

__all__ = ["Compte", "Importation"]
