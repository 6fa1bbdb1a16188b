"""La démonstration : une association, des lieux et des gens inventés, autour de la date du jour."""
