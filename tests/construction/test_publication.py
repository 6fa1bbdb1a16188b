"""Les fichiers publiés : nommés par leur contenu, compressés, gardés un jour après leur remplacement."""

import os
import time
from pathlib import Path

import pytest

from tools import publication
from tools.modules_serveur import verifier_ordre
from tools.publication import ConstructionImpossible

RACINE = Path(__file__).parents[2]


@pytest.fixture
def construit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(publication, "CONSTRUIT", tmp_path)
    return tmp_path


def test_a_published_file_is_named_after_its_content_and_compressed(construit: Path) -> None:
    adresse = publication.publier(b"body{}" * 200, "style", "css")
    nom = adresse.removeprefix("/static/")
    assert nom.startswith("style.")
    assert nom.endswith(".css")
    assert {f.name for f in construit.iterdir()} == {nom, f"{nom}.br", f"{nom}.gz"}
    assert publication.publier(b"body{}" * 200, "style", "css") == adresse
    assert publication.publier(b"autre" * 200, "style", "css") != adresse


def test_a_replaced_file_stays_one_day_for_the_pages_still_open(construit: Path) -> None:
    ancien, recent, actuel = (publication.publier(contenu * 300, "page", "js") for contenu in (b"a", b"b", b"c"))
    avant_hier = time.time() - 2 * publication.UN_JOUR
    for fichier in construit.glob(f"{Path(ancien).name}*"):
        os.utime(fichier, (avant_hier, avant_hier))
    os.utime(construit / Path(actuel).name, (avant_hier, avant_hier))
    publication.oublier_les_anciens([actuel])
    assert not list(construit.glob(f"{Path(ancien).name}*"))
    assert (construit / Path(recent).name).exists()
    assert (construit / Path(actuel).name).exists()


def test_a_rewritten_file_replaces_the_old_one_and_leaves_nothing_beside(construit: Path) -> None:
    publication.ecrire(construit / "sw.js", b"ancien")
    publication.ecrire(construit / "sw.js", b"nouveau")
    assert [f.name for f in construit.iterdir()] == ["sw.js"]
    assert (construit / "sw.js").read_bytes() == b"nouveau"


def test_a_page_script_may_not_import_the_list_it_belongs_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publication, "RACINE", tmp_path)
    monkeypatch.setattr(publication, "CONSTRUIT", tmp_path)
    for nom in ("node_modules", "package.json"):
        (tmp_path / nom).symlink_to(RACINE / nom)
    entree, liste = tmp_path / "static/js/page/index.js", tmp_path / "static/construit/modules/actifs.js"
    for fichier, source in (
        (entree, 'import { LISTE } from "#jalon/actifs";\nfetch(LISTE[0]);\n'),
        (liste, "export const LISTE = [];\n"),
    ):
        fichier.parent.mkdir(parents=True)
        fichier.write_text(source)
    assert publication.assembler(entree, tmp_path / "worker.js")
    with pytest.raises(ConstructionImpossible, match=r"index\.js"):
        publication.publier_script("page", tmp_path)


def test_keys_that_javascript_would_reorder_are_refused() -> None:
    verifier_ordre({"listes": {"niveau_3": "Niveau 3", "01": "Ain"}}, "n.toml")
    with pytest.raises(ConstructionImpossible, match=r"n\.toml\.listes"):
        verifier_ordre({"listes": {"b": "B", "3": "Trois"}}, "n.toml")
