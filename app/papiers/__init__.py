"""Les papiers : ce qui s'imprime et se remet, en PDF balisé.

Un papier est une structure simple (`papier.py`), la même pour la page imprimable du téléphone et pour le PDF
(`composition.py`) : ce que l'un dit, l'autre le dit.
"""
