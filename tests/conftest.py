"""Réglages de tous les essais."""

from hypothesis import HealthCheck, settings

# Les mêmes tirages à chaque passage, sur une machine lente comme sur une rapide : un échec se rejoue.
settings.register_profile(
    "jalon", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("jalon")
