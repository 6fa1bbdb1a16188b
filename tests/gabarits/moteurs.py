"""Les deux moteurs côte à côte : Jinja2 ici, les gabarits compilés dans un seul processus Node.js."""

import itertools
import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, Environment

from app.gabarits import configurer
from tools.gabarits import compiler
from tools.node import commande

SCRIPT = Path(__file__).with_name("moteur.mjs")


@dataclass(frozen=True)
class Echec:
    """Un rendu qui n'a pas abouti ; ``refus`` : hors du sous-ensemble commun, dit clairement."""

    message: str
    refus: bool = False


@dataclass
class MoteurJavaScript:
    """Un processus Node.js qui rend des gabarits compilés, pour toute une série d'essais."""

    processus: subprocess.Popen[str] = field(
        default_factory=lambda: subprocess.Popen(
            [*commande("node"), str(SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
    )
    numeros: Iterator[int] = field(default_factory=itertools.count)

    def demander(self, demande: Mapping[str, Any]) -> dict[str, Any]:
        assert self.processus.stdin
        assert self.processus.stdout
        self.processus.stdin.write(json.dumps(demande) + "\n")
        self.processus.stdin.flush()
        reponse: dict[str, Any] = json.loads(self.processus.stdout.readline())
        return reponse

    def charger(self, code: str) -> str:
        """Prépare un ensemble de gabarits compilés et rend la clé qui le désigne."""
        cle = str(next(self.numeros))
        reponse = self.demander({"cle": cle, "code": code})
        assert "erreur" not in reponse, f"{reponse}\n{code}"
        return cle

    def rendre(self, cle: str, gabarit: str, contexte: Mapping[str, Any]) -> str | Echec:
        reponse = self.demander({"cle": cle, "gabarit": gabarit, "contexte": contexte})
        if "erreur" in reponse:
            assert reponse["prevue"], f"erreur imprévue du moteur JavaScript : {reponse['erreur']}"
            return Echec(reponse["erreur"], reponse["refus"])
        html: str = reponse["html"]
        return html

    def fermer(self) -> None:
        assert self.processus.stdin
        assert self.processus.stdout
        self.processus.stdin.close()
        self.processus.wait(timeout=10)
        self.processus.stdout.close()


def rendre_jinja(sources: Mapping[str, str], gabarit: str, contexte: Mapping[str, Any]) -> str | Echec:
    env = configurer(Environment(loader=DictLoader(dict(sources)), autoescape=True))
    try:
        return env.get_template(gabarit).render(**contexte)
    except Exception as erreur:
        return Echec(f"{type(erreur).__name__}: {erreur}")


def rendre_deux_fois(
    moteur: MoteurJavaScript, sources: Mapping[str, str], contexte: Mapping[str, Any], gabarit: str = "page.html"
) -> tuple[str | Echec, str | Echec]:
    """Le rendu de Jinja2 et celui du JavaScript compilé."""
    cle = moteur.charger(compiler(sources))
    return rendre_jinja(sources, gabarit, contexte), moteur.rendre(cle, gabarit, contexte)
