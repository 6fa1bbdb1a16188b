"""Un nom écrit dans un texte à remettre se voit, sans qu'un mot courant alerte à chaque fois."""

import pytest

from app.domain.noms_ecrits import Noms, passages

CONNUES = [
    Noms("Diallo-Fictive", "Awa", "", ("Nono",)),
    Noms("Petit", "Rose"),
    Noms("Marchand", "Élodie", "Zinsou"),
    Noms("Toul", "Ali"),
    Noms("Ba", "Omar"),
]


@pytest.mark.parametrize(
    ("texte", "attendus"),
    [
        ("Avec Awa Diallo-Fictive, puis AWA DIALLO FICTIVE.", ["Awa Diallo-Fictive", "AWA DIALLO FICTIVE"]),
        ("Diallo-Fictive a trouvé un logement.", ["Diallo-Fictive"]),
        ("Le parcours de Rose Petit, dite petit rose.", ["Rose Petit"]),
        ("petit à petit, un marchand de sommeil. Petit rappel. Marchand ou non, les petits pas.", []),
        ("Nous avons revu M. Petit et Mme Marchand.", ["Petit", "Marchand"]),
        ("Nous avons revu Élodie, puis le dossier Zinsou.", ["Zinsou"]),
        ("Elodie  Marchand et Marchand Elodie", ["Elodie  Marchand", "Marchand Elodie"]),
        ("La permanence de Toul, rue Marchand, au foyer Petit.", []),
        ("Avec Nono, on a avancé. Rose aussi.", ["Nono"]),
        ("Le mot Ba est trop court, Omar Ba non.", ["Omar Ba"]),
        ("", []),
    ],
)
def test_what_looks_like_the_name_of_someone_known(texte: str, attendus: list[str]) -> None:
    assert passages(texte, CONNUES, ["CMS Toul"]) == attendus
