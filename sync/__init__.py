"""La synchronisation : des opérations montent, des fiches descendent. Rien ici ne dépend de Flask."""
