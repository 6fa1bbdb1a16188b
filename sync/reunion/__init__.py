"""Ce qui passe d'un dossier à l'autre quand on les réunit, et revient quand on les sépare : un fichier par matière."""
