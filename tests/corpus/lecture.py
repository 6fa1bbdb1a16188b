"""Lire un fichier de cas.

Un fichier : `{"sujet", "fiches": {nom: valeur}, "cas": [{"nom", "fonction", "arguments", "attendu"}]}`.
- `fonction` : « module.fonction », cherchée dans le paquet donné ;
- `{"$": "nom", …}` est une copie de la fiche nommée, où les autres clés remplacent les siennes ;
- `{"$texte": "é", "$fois": 200}` est un texte répété ;
- `"nouvel_identifiant": "compteur"` devient une fonction qui rend des identifiants qui se suivent ;
- `attendu` se compare en entier ; `attendu_contient` ne compare que les clés qu'il nomme.
"""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

DOSSIER = Path(__file__).parent


@dataclass(frozen=True)
class Cas:
    fichier: str
    nom: str
    fonction: str
    arguments: list[Any]
    attendu: Any
    partiel: bool

    def obtenu(self, paquet: str) -> Any:
        module, _, nom = self.fonction.rpartition(".")
        fonction = getattr(import_module(f"{paquet}.{module}"), nom)
        return json.loads(json.dumps(fonction(*self.arguments), ensure_ascii=False))


def charger(chemin: Path) -> list[Cas]:
    fichier = json.loads(chemin.read_text(encoding="utf-8"))
    fiches = fichier.get("fiches", {})
    return [
        Cas(
            fichier=chemin.stem,
            nom=cas["nom"],
            fonction=cas["fonction"],
            arguments=[deplier(argument, fiches) for argument in cas["arguments"]],
            attendu=deplier(cas.get("attendu", cas.get("attendu_contient")), fiches),
            partiel="attendu_contient" in cas,
        )
        for cas in fichier["cas"]
    ]


def deplier(valeur: Any, fiches: dict[str, Any]) -> Any:
    if isinstance(valeur, list):
        return [deplier(element, fiches) for element in valeur]
    if not isinstance(valeur, dict):
        return valeur
    if "$fois" in valeur:
        return str(valeur["$texte"]) * int(valeur["$fois"])
    base: Any = {}
    if "$" in valeur:
        base = deplier(deepcopy(fiches[valeur["$"]]), fiches)
    if not isinstance(base, dict):
        return base
    deplie = {**base, **{nom: deplier(element, fiches) for nom, element in valeur.items() if nom != "$"}}
    if deplie.get("nouvel_identifiant") == "compteur":
        deplie["nouvel_identifiant"] = compteur()
    return deplie


def compteur() -> Callable[[], str]:
    def suite() -> Iterator[str]:
        rang = 0
        while True:
            rang += 1
            yield f"0192a000-0000-7000-8000-{rang:012d}"

    return suite().__next__


def manques(attendu: Any, obtenu: Any) -> list[str]:
    """Ce que `attendu` nomme et que `obtenu` ne dit pas, dans l'objet ou dans chacun de la liste."""
    if isinstance(attendu, list):
        if not isinstance(obtenu, list) or len(attendu) != len(obtenu):
            return [f"{obtenu!r} au lieu de {attendu!r}"]
        return [trou for couple in zip(attendu, obtenu, strict=True) for trou in manques(*couple)]
    return [
        f"{nom} : {obtenu.get(nom)!r} au lieu de {valeur!r}"
        for nom, valeur in attendu.items()
        if nom not in obtenu or obtenu[nom] != valeur
    ]
