"""Des années d'accompagnement, une par version de convention : ce que l'on fait, et ce que Jalon dit dû ce jour-là."""
