"""La page des conventions dit toutes les règles, leur forme et un exemple ; ses exemples sont lus."""

from __future__ import annotations

import re
from pathlib import Path

from app.domain.convention import GROUPES, PERIMETRE, TABLE, lire

PAGE = Path(__file__).parents[2] / "docs" / "conventions.md"
DEBUT, FIN = "<!-- règles : début -->\n", "<!-- règles : fin -->"


def rubrique() -> str:
    """Les règles, par groupe : ce que la page doit contenir mot pour mot."""
    morceaux = []
    for groupe, titre in GROUPES.items():
        siennes = [regle for regle in (*TABLE, PERIMETRE) if regle.groupe == groupe]
        lignes = "\n".join(
            f"| `{regle.nom}`{' ☎' if regle.telephone else ''} | {regle.libelle} | {regle.aide} | "
            f"`{regle.exemple or regle.forme.exemple}` |"
            for regle in siennes
        )
        morceaux.append(
            f"### {titre}\n\n| Règle | À l'écran | Ce qu'elle dit | Exemple |\n|---|---|---|---|\n{lignes}\n"
        )
    return "\n".join(morceaux) + "\n"


def test_the_page_lists_every_rule_as_the_table_has_it() -> None:
    """Pour la remettre à jour : `python -m tests.docs.test_conventions`."""
    texte = PAGE.read_text(encoding="utf-8")
    assert texte.split(DEBUT)[1].split(FIN)[0] == rubrique()


def test_the_example_of_the_page_is_a_convention() -> None:
    (exemple,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert lire(exemple).valeur("premier_contact_jours") == 10


def actualiser() -> None:
    avant, reste = PAGE.read_text(encoding="utf-8").split(DEBUT)
    PAGE.write_text(f"{avant}{DEBUT}{rubrique()}{FIN}{reste.split(FIN)[1]}", encoding="utf-8")


if __name__ == "__main__":
    actualiser()
