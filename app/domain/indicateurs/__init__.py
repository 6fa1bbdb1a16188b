"""Définitions des indicateurs : chaque chiffre d'un rapport vient d'une seule fonction, appelée partout."""
