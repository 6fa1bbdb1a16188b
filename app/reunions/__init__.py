"""Les réunions que le chef de service prépare : logement avec un bailleur, comité technique, point du mois."""
