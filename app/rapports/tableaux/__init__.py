"""Les tableaux d'un rapport, un fichier par sujet : chacun compose ses lignes à partir des faits et des définitions."""
