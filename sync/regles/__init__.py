"""Les règles d'application, un fichier par nom du métier.

Chaque fichier expose `GENRES` : le genre d'opération → sa règle. L'ensemble est assemblé dans `sync/appliquer.py`.
"""
