"""L'échange du jour coûte-t-il plus quand la structure a grandi, ou quand les autres ont beaucoup écrit depuis ?

    python -m bench.croissance [--autrui 10000 500000] [--tours 100] [--postgresql]

Un serveur par taille de base (`jalon serve`, le vrai), le même téléphone sur chacun : 3 500 fiches à lui, trente
entretiens montent, dix changements faits au bureau descendent. Les échanges alternent d'un serveur à l'autre, pour que
la machine soit la même pour tous. Ce qui compte est le temps de processeur du serveur (et de PostgreSQL) ; le temps
passé est donné à côté. Puis, sur la plus petite base, un échange après 15 000 fiches écrites par d'autres, et un sans.

Les fiches d'autrui sont des copies des siennes, faites par la base elle-même, sous d'autres comptes et d'autres
identifiants, répartis sur les mêmes trois années.
"""
