"""Combien de temps de serveur prennent un rapport d'année entier et la liste derrière un chiffre, selon la taille ?

    python -m bench.rapports [--mesures 1250 2500 5000 10000] [--tours 9] [--postgresql]

Cinquante contacts par mesure (vingt-cinq rendez-vous, vingt-cinq entretiens), sur cinq années et quatre conventions ;
l'une d'elles, un quart des mesures, puis toutes ensemble. Le serveur est `jalon serve`, le vrai ; le temps de
processeur est le sien et celui de PostgreSQL, le temps passé est celui d'une demande entière, page comprise.
"""
