"""docs/synchronisation.md dit vrai : ses exemples sont rejoués contre l'application entière."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.base import db
from app.config import configuration
from app.domain import cahier, piece
from app.domain.convention import charger
from app.models import Appareil, Structure, Utilisateur
from app.sauvegarde.epoque import confirmer, renouveler
from app.securite.mot_de_passe import hacher
from sync import conventions
from sync.acces import donner, retirer
from sync.appliquer import REGLES
from sync.codec import decompresser
from sync.scelle import sceller
from tests.bases import ecrire
from tests.sync.annexe import ANNEXE
from tests.sync.annexe import ecrire as ecrire_annexe
from tests.sync.fabrique import MAINTENANT

FIGEES = Path(__file__).parent / "figees" / "v1"
DOCUMENT = Path(__file__).parents[2] / "docs" / "synchronisation.md"
STRUCTURE = "01930000-0000-7000-8000-0000000000e1"
COMPTES = {
    "conseillere": ("01930000-0000-7000-8000-0000000000f1", "Camille", "conseiller"),
    "chef": ("01930000-0000-7000-8000-0000000000f2", "Dominique", "chef_de_service"),
}
MOT_DE_PASSE = "gravier tasse nuage 42"
ADRESSE = "https://localhost"
QUELCONQUE = "…"


@dataclass(frozen=True)
class Bloc:
    genre: str
    texte: str
    consignes: tuple[str, ...]

    def lu(self) -> Any:
        return json.loads(self.texte)


def blocs() -> Iterator[Bloc]:
    """Les blocs http et json du document, avec les consignes d'essai écrites au-dessus."""
    consignes: list[str] = []
    for trouve in re.finditer(r"<!-- essai : (.+?) -->|^```(\w+)\n(.*?)^```", DOCUMENT.read_text(), re.S | re.M):
        if trouve[1]:
            consignes.append(trouve[1])
        else:
            yield Bloc(trouve[2], trouve[3], tuple(consignes))
            consignes = []


@pytest.fixture
def application(tmp_path: Path, adresse: str) -> Iterator[Flask]:
    config = configuration({"DATABASE_URL": adresse}, instance=tmp_path / "instance")
    with time_machine.travel(MAINTENANT, tick=False):
        app = create_app({**config, "TESTING": True, "PROPAGATE_EXCEPTIONS": False})
        with app.app_context():
            _peupler()
        yield app
        with app.app_context():
            db.engine.dispose()


def _peupler() -> None:
    with ecrire(db.engine) as session:
        session.add(Structure(id=STRUCTURE, nom="Association fictive", generation=STRUCTURE, cree_le=MAINTENANT))
        session.flush()
        conventions.enregistrer(session, STRUCTURE)
        for nom, (identifiant, prenom, role) in COMPTES.items():
            session.add(
                Utilisateur(
                    structure_id=STRUCTURE,
                    id=identifiant,
                    nom="Exemple",
                    prenom=prenom,
                    courriel=f"{nom}@exemple.test",
                    mot_de_passe=hacher(MOT_DE_PASSE),
                    role=role,
                    cree_le=MAINTENANT,
                )
            )


class Rejeu:
    """Rejoue les demandes dans l'ordre du document et retient ce que « … » désigne."""

    def __init__(self, application: Flask) -> None:
        self.application = application
        self.clients: dict[str, FlaskClient] = {}
        self.curseurs: dict[str, str] = {}
        self.empreintes: dict[str, str] = {}
        self.secrets: dict[str, str] = {}
        self.cle: dict[str, Any] = {}
        self.dernier_json: Any = None

    def consigne(self, texte: str) -> None:
        """« retirer|confier <dossier> à <compte> », « révoquer <appareil> », « curseur <compte> à <compte> »,
        « restaurer ».
        """
        verbe, dossier, *suite = [*texte.split(), ""]
        if verbe == "restaurer":
            with self.application.app_context(), ecrire(db.engine) as session:
                confirmer(session, MAINTENANT.replace(hour=2))
                renouveler(session, MAINTENANT)
            return
        if verbe == "révoquer":
            with self.application.app_context(), ecrire(db.engine) as session:
                session.get_one(Appareil, (STRUCTURE, dossier)).revoque_le = MAINTENANT
            return
        compte = suite[1] if suite[0] == "à" else ""
        if verbe == "curseur":
            self.curseurs[compte] = self.curseurs[dossier]
            return
        with self.application.app_context(), ecrire(db.engine) as session:
            if verbe == "retirer":
                retirer(session, STRUCTURE, COMPTES[compte][0], [dossier], MAINTENANT)
            else:
                donner(session, STRUCTURE, [(COMPTES[compte][0], dossier)])

    def demander(self, texte: str, compte: str) -> Any:
        premiere, entetes, corps = _message(texte)
        methode, chemin, _ = premiere.split()
        client = self._client(compte)
        if entetes.get("X-CSRFToken") == QUELCONQUE:
            entetes["X-CSRFToken"] = _jeton(client)
        if entetes.get("Authorization", "").endswith(QUELCONQUE):
            appareil = entetes["Authorization"].split()[1].split(".")[0]
            entetes["Authorization"] = f"Appareil {appareil}.{self.secrets[appareil]}"
        if corps.get("curseur") == QUELCONQUE:
            corps["curseur"] = self.curseurs[compte]
        if corps.get("reference") == QUELCONQUE:
            corps["reference"] = self.empreintes[compte]
        for enveloppe in corps.get("enveloppes", []):
            assert self.dernier_json["id"] == enveloppe["id"]
            enveloppe |= {"cle": self.cle["id"], "donnees": self._sceller(self.dernier_json)}
        reponse = client.open(
            chemin,
            method=methode,
            base_url=ADRESSE,
            data=json.dumps(corps) if corps else None,
            headers={**entetes, "Origin": ADRESSE, "Referer": ADRESSE + "/"},
        )
        clair = decompresser(reponse.data, reponse.headers.get("Content-Encoding"))
        recu = json.loads(clair)
        self._retenir(recu, compte)
        return reponse, recu

    def _retenir(self, recu: Any, compte: str) -> None:
        if "curseur" in recu:
            self.curseurs[compte] = recu["curseur"]
        if "reference" in recu:
            self.empreintes[compte] = recu["reference"]["empreinte"]
            self.cle = recu["reference"]["cle_scellement"]
        if "depot" in recu:
            self.secrets[recu["appareil"]] = recu["depot"]

    def _sceller(self, operation: Any) -> str:
        jwk = self.cle["publique"]
        nombres = ec.EllipticCurvePublicNumbers(_nombre(jwk["x"]), _nombre(jwk["y"]), ec.SECP256R1())
        return sceller(nombres.public_key(), operation["id"], json.dumps(operation).encode())

    def _client(self, compte: str) -> FlaskClient:
        if compte not in self.clients:
            client = self.application.test_client()
            if compte in COMPTES:
                page = client.get("/connexion", base_url=ADRESSE).text
                jeton = re.search(r'name="csrf_token" value="([^"]+)"', page)
                assert jeton
                champs = {"csrf_token": jeton[1], "courriel": f"{compte}@exemple.test", "mot_de_passe": MOT_DE_PASSE}
                reponse = client.post(
                    "/connexion", data=champs, base_url=ADRESSE, headers={"Origin": ADRESSE, "Referer": ADRESSE + "/"}
                )
                assert reponse.status_code == 303
            self.clients[compte] = client
        return self.clients[compte]


def test_every_example_of_the_document_happens_as_written(application: Flask) -> None:
    rejeu = Rejeu(application)
    joues = 0
    reponse: Any = None
    recu: Any = None
    for bloc in blocs():
        if bloc.genre == "json":
            rejeu.dernier_json = json.loads(bloc.texte)
            continue
        if bloc.texte.startswith("HTTP/"):
            premiere, entetes, attendu = _message(bloc.texte)
            assert reponse.status_code == int(premiere.split()[1]), (bloc.texte, recu)
            for nom, valeur in entetes.items():
                assert reponse.headers[nom].split(";")[0] == valeur, (nom, bloc.texte)
            ecart = _ecart(attendu, recu)
            assert ecart is None, f"{ecart}\n{json.dumps(recu, ensure_ascii=False, indent=2)}"
            joues += 1
            continue
        compte = ""
        for consigne in bloc.consignes:
            if consigne.startswith("compte "):
                compte = consigne.removeprefix("compte ")
            else:
                rejeu.consigne(consigne)
        reponse, recu = rejeu.demander(bloc.texte, compte)
    assert joues >= 20


def test_the_convention_shown_is_a_real_one() -> None:
    (montree,) = (
        lu["convention"]
        for bloc in blocs()
        if bloc.genre == "json" and "convention" in (lu := bloc.lu()) and "type" not in lu
    )
    (vraie,) = (c for c in charger() if (c.code, c.version) == (montree["code"], montree["version"]))
    assert montree == vraie.pour_appareil()


def test_the_annex_of_codes_is_up_to_date() -> None:
    assert ANNEXE.read_text(encoding="utf-8") == ecrire_annexe(), "récrire : python -m tests.sync.annexe"


def test_the_records_shown_have_the_shape_of_real_ones() -> None:
    figees = [json.loads(fichier.read_text()) for fichier in FIGEES.glob("*.json")]
    dossiers = [figee["dossier"] for figee in figees if "dossier" in figee]
    formes = {
        fiche["type"]: set(fiche)
        for dossier in dossiers
        for fiche in (dossier["personne"], *dossier["mesures"], *dossier["rendez_vous"], *dossier["entretiens"])
    }
    # Ce qui s'est ajouté depuis, sans changer de version.
    formes["mesure"] |= {"sortie_ecart"}
    montrees = [json.loads(bloc.texte) for bloc in blocs() if bloc.genre == "json"]
    assert {fiche["type"] for fiche in montrees if "type" in fiche} == {"mesure", "rendez_vous"}
    for fiche in montrees:
        assert "type" not in fiche or set(fiche) == formes[fiche["type"]]


def test_every_kind_of_operation_is_described() -> None:
    texte = DOCUMENT.read_text()
    for genre, regle in REGLES.items():
        if genre in piece.genres():
            verbe, code = piece.genres()[genre]
            assert f"| `{verbe}_<forme>` |" in texte
            assert f"### {code}" in ANNEXE.read_text()
            continue
        if genre in cahier.genres():
            verbe, code = cahier.genres()[genre]
            assert f"| `{verbe}_<feuille>` |" in texte
            assert f"### {code}" in ANNEXE.read_text()
            continue
        ligne = next(ligne for ligne in texte.splitlines() if ligne.startswith(f"| `{genre}`"))
        for obligatoire in regle.obligatoires:
            assert f"**`{obligatoire}`**" in ligne, (genre, obligatoire)


def _message(texte: str) -> tuple[str, dict[str, str], Any]:
    tete, _, corps = texte.partition("\n\n")
    premiere, *lignes = tete.splitlines()
    return premiere, dict(ligne.split(": ", 1) for ligne in lignes), json.loads(corps or "{}")


def _ecart(attendu: Any, recu: Any, ou: str = "") -> str | None:
    """Où la réponse s'écarte du document ; « … » accepte tout, et une clé « … » accepte d'autres clés."""
    if attendu == QUELCONQUE:
        return None
    if isinstance(attendu, dict) and isinstance(recu, dict):
        cles = {cle for cle in attendu if cle != QUELCONQUE}
        if not (cles <= set(recu) if QUELCONQUE in attendu else cles == set(recu)):
            return f"{ou} : clés {sorted(set(recu) ^ cles)}"
        return next(filter(None, (_ecart(attendu[cle], recu[cle], f"{ou}.{cle}") for cle in sorted(cles))), None)
    if isinstance(attendu, list) and isinstance(recu, list):
        if len(attendu) != len(recu):
            return f"{ou} : {len(recu)} éléments"
        return next(
            filter(None, (_ecart(a, r, f"{ou}[{n}]") for n, (a, r) in enumerate(zip(attendu, recu, strict=True)))), None
        )
    return None if attendu == recu else f"{ou} : {recu!r} au lieu de {attendu!r}"


def _jeton(client: FlaskClient) -> str:
    jeton: str = client.get("/session/jeton", base_url=ADRESSE).get_json()["jeton"]
    return jeton


def _nombre(texte: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(texte + "=" * (-len(texte) % 4)), "big")
