"""Rapports : les faits lus en quelques requêtes, comptés par les définitions de `app.domain.indicateurs`."""
