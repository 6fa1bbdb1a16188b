"""Les cas partagés : le même fichier JSON est joué par Python et par JavaScript (tests/js/corpus.js)."""
