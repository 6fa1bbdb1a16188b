"""Ce qui protège : en-têtes, sessions, permissions, freins. Un fichier par protection."""
