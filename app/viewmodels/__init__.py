"""Modèles de vue : des fiches à ce qu'un écran affiche, en JSON simple.

Chaque fonction reçoit des dossiers et un `contexte`, et rend les clés propres à la page ; le cadre (titre, onglet,
jeton, état de l'envoi) est ajouté par qui rend la page. Miroir : static/js/viewmodels/, mêmes cas dans
tests/corpus/vues/.

`contexte` :
- `aujourd_hui` : jour à Paris ; `maintenant` : instant ;
- `utilisateur` : `{"id", "nom", "prenom", "role"}` ;
- `reference` : `{"conventions", "lieux", "collegues", …}` ;
- `nouvel_identifiant` : fonction sans argument, un UUIDv7 neuf à chaque appel.
"""
