"""La carte des adresses, lue une fois : werkzeug compile chacune, et c'était l'essentiel d'une application à monter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from flask import Flask
from werkzeug.routing import Map
from werkzeug.routing.rules import RuleFactory

from app import create_app


class CarteLue(Map):
    """Une adresse qu'une application précédente y a déjà mise n'est pas relue."""

    def add(self, rulefactory: RuleFactory) -> None:
        for regle in rulefactory.get_rules(self):
            deja = self._rules_by_endpoint.get(regle.endpoint, [])
            if not any((connue.rule, connue.methods) == (regle.rule, regle.methods) for connue in deja):
                super().add(regle)


_communes: list[CarteLue] = []


@contextmanager
def application_montee(config: dict[str, Any]) -> Iterator[Flask]:
    """Une application neuve sur la carte d'une précédente ; celle qu'un essai a complétée ne sert plus à d'autres."""
    carte = _communes.pop() if _communes else CarteLue()
    with mock.patch.object(Flask, "url_map_class", return_value=carte):
        application = create_app(config)
    adresses = len(list(carte.iter_rules()))
    yield application
    if len(list(carte.iter_rules())) == adresses:
        _communes.append(carte)
