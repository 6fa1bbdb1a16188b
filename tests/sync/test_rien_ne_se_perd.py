"""Quel que soit l'ordre où deux ou trois appareils notent, envoient et reçoivent, aucune valeur ne disparaît.

Une valeur reçue est en vigueur ; ou quelqu'un qui la connaissait, ou le même appareil, l'a remplacée ; ou elle est dans
un désaccord. Tout renvoyer, en entier ou en partie, ne change rien.
"""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.models import Desaccord, Operation, Personne, PersonneValeur
from sync.acteur import source
from sync.operation import Operation as Recue
from tests.bases import lire
from tests.sync.carnets import Carnet, Equipe, une_equipe
from tests.sync.fabrique import Monde

CHAMPS = ("prenom", "nom_usage", "adresse")
JOURS = ("2026-11-20", "2026-11-25")
AUJOURD_HUI = dt.date(2026, 11, 26)

GESTES = st.one_of(
    st.tuples(st.just("noter"), st.integers(0, 2), st.sampled_from(CHAMPS), st.sampled_from((None, *JOURS))),
    st.tuples(st.just("envoyer"), st.integers(0, 2), st.integers(1, 3), st.none()),
    st.tuples(st.just("tirer"), st.integers(0, 2), st.none(), st.none()),
    st.tuples(st.just("regler"), st.integers(0, 2), st.sampled_from(("en_vigueur", "propose")), st.none()),
    st.tuples(st.just("renvoyer"), st.integers(0, 2), st.integers(0, 20), st.integers(1, 4)),
)


@given(gestes=st.lists(GESTES, min_size=8, max_size=40))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_value_is_ever_lost_and_sending_again_changes_nothing(monde: Monde, gestes: list[Any]) -> None:
    equipe, valeurs = une_equipe(monde, role="conseiller"), count()
    parties: list[list[Recue]] = [[], [], []]
    for nom, rang, premier, second in gestes:
        carnet = equipe.carnets[rang]
        if nom == "noter":
            dates = {"date_effet": second} if premier == "adresse" and second else {}
            carnet.noter(
                "modifier_personne", equipe.personne, equipe.personne, **{premier: f"v{next(valeurs)}"}, **dates
            )
        elif nom == "envoyer":
            envoyer(carnet, parties[rang], premier)
        elif nom == "tirer":
            carnet.tirer()
        elif nom == "regler":
            ouverts = [desaccord for desaccord in carnet.desaccords() if desaccord["etat"] == "ouvert"]
            if ouverts:
                carnet.noter("regler_desaccord", ouverts[0]["id"], equipe.personne, choix=premier)
        else:
            avant = photo(equipe)
            encore = parties[rang][premier : premier + second]
            assert {resultat.statut for resultat in monde.pousser(carnet.acteur, *encore)} <= {"duplicate"}
            assert photo(equipe) == avant
    for rang, carnet in enumerate(equipe.carnets):
        envoyer(carnet, parties[rang], None)
    equipe.tirer()
    verifier_que_rien_ne_manque(equipe)
    verifier_que_chacun_voit_la_meme_chose(equipe)


def envoyer(carnet: Carnet, parties: list[Recue], nombre: int | None) -> None:
    parties += carnet.file[:nombre]
    carnet.envoyer(nombre)


def verifier_que_rien_ne_manque(equipe: Equipe) -> None:
    with lire(equipe.monde.moteur) as session:
        operations = session.scalars(
            select(Operation).where(Operation.personne_id == equipe.personne).order_by(Operation.sequence)
        ).all()
        desaccords = session.scalars(select(Desaccord).where(Desaccord.personne_id == equipe.personne)).all()
        personne = session.get_one(Personne, (equipe.monde.structure, equipe.personne))
        adresses = {
            ligne.jour: ligne.valeur
            for ligne in session.scalars(select(PersonneValeur).where(PersonneValeur.personne_id == equipe.personne))
        }
    par_id = {desaccord.id: desaccord for desaccord in desaccords}
    ecritures = [passage for operation in operations for passage in passages(operation, par_id)]
    for version, d_ou, compteur, champ, jour, valeur, contestee, _ in ecritures:
        actuelle = adresses.get(jour) if champ == "adresse" else getattr(personne, champ)
        meme = [p for p in ecritures if p[3:5] == (champ, jour) and p[0] != version]
        if contestee:
            en_vue = any(valeur in (d.vigueur_valeur, d.propose_valeur) for d in desaccords if d.champ == champ)
            par_lui = any(p[1] == d_ou and p[2] > compteur for p in meme)
            assert valeur == actuelle or en_vue or par_lui, (valeur, champ, "ni en vigueur, ni proposée")
        else:
            en_connaissance = any(p[0] > version and not p[6] and (p[1] == d_ou or p[7] >= version) for p in meme)
            assert valeur == actuelle or en_connaissance, (valeur, champ, "remplacée sans qu'on l'ait connue")
    ouverts = [desaccord for desaccord in desaccords if desaccord.etat == "ouvert"]
    assert personne.desaccords == len(ouverts)
    for desaccord in ouverts:
        en_vigueur = adresses.get(desaccord.date_effet) if desaccord.champ == "adresse" else None
        assert desaccord.vigueur_valeur == (en_vigueur or getattr(personne, desaccord.champ, None))
        assert desaccord.vigueur_valeur != desaccord.propose_valeur


def passages(operation: Operation, desaccords: dict[str, Desaccord]) -> list[tuple[Any, ...]]:
    """(version, source, compteur, champ, jour, valeur, contestée, base) pour chaque valeur d'une opération reçue."""
    if operation.sequence is None:
        return []
    d_ou, jour = source(operation.appareil_id, operation.utilisateur_id), operation.champs.get("date_effet")
    effet = dt.date.fromisoformat(jour) if jour else AUJOURD_HUI
    if operation.genre == "regler_desaccord":
        # Choisir, c'est avoir les deux valeurs sous les yeux.
        regle = desaccords[operation.entite]
        if operation.champs["choix"] != "propose":
            return []
        tout_su = operation.sequence
        ou = (regle.champ, regle.date_effet or AUJOURD_HUI)
        return [(operation.sequence, d_ou, operation.compteur, *ou, regle.propose_valeur, False, tout_su)]
    return [
        (
            operation.sequence,
            d_ou,
            operation.compteur,
            champ,
            effet if champ == "adresse" else AUJOURD_HUI,
            valeur,
            champ in (operation.contestes or []),
            operation.base or 0,
        )
        for champ, valeur in operation.champs.items()
        if champ in CHAMPS
    ]


def verifier_que_chacun_voit_la_meme_chose(equipe: Equipe) -> None:
    vues = [sorted(carnet.fiches.items()) for carnet in equipe.carnets]
    assert vues[0] == vues[1] == vues[2]


def photo(equipe: Equipe) -> list[Any]:
    """Tout ce que la base dit du dossier."""
    with lire(equipe.monde.moteur) as session:
        vue: list[Any] = [session.scalar(select(func.count()).select_from(Operation))]
        for modele in (Personne, PersonneValeur, Desaccord):
            colonnes = modele.__table__.c
            cle = colonnes.id if modele is Personne else colonnes.personne_id
            requete = select(*colonnes).where(cle == equipe.personne)
            vue += sorted(repr(ligne) for ligne in session.execute(requete))
    return vue
