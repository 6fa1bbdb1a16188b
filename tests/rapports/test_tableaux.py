"""Ce que les tableaux disent d'eux-mêmes : leurs notes, leurs lignes de base, leurs dessins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine, select

from app.migrations import migrer
from app.models import Lieu, LieuMasque, Utilisateur
from app.moteur import ecrire, ouvrir_moteur
from app.rapports import rapport
from app.rapports.demande import Demande
from app.rapports.tableau import CaseInconnue, Cellule, Colonne, Ligne, Tableau
from tests.bases import lire
from tests.rapports.suivis import MAINTENANT, noter
from tests.rapports.test_conformite import regler

ENTREE, SORTIE = date(2021, 6, 1), date(2022, 6, 30)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    moteur = ouvrir_moteur(f"sqlite:///{tmp_path_factory.mktemp('tableaux') / 'tableaux.db'}")
    migrer(moteur)
    yield moteur
    moteur.dispose()


def tableau(base: Engine, ici: str, convention: str, code: str) -> Tableau:
    with lire(base) as session:
        return rapport.tableau(session, Demande.lire(ici, convention, "2022", MAINTENANT), code)


def test_those_whose_rsa_is_never_noted_do_not_vanish_from_their_column_in_silence(base: Engine) -> None:
    suivi = {"entree": ENTREE, "sortie": SORTIE, "motif": "cdi"}
    plus_tard = {"rsa": {date(2021, 6, 20): "beneficiaire"}}
    ici, _ = noter(base, [suivi | plus_tard, suivi | {"rsa": {ENTREE: "clos"}}])
    for code in ("sorties_motifs", "sorties_dsp_2022"):
        lu = tableau(base, ici, "DSP-TDL", code)
        assert lu.cellule("total", "brsa").nombre == 1
        assert not any("Dont BRSA" in note for note in lu.notes)
    ici, _ = noter(base, [suivi | plus_tard, suivi])
    for code in ("sorties_motifs", "sorties_dsp_2022"):
        assert any("Dont BRSA" in note for note in tableau(base, ici, "DSP-TDL", code).notes)


def test_a_target_has_its_column_only_where_a_convention_sets_one(base: Engine) -> None:
    ici, _ = noter(base, [{"entree": ENTREE}])
    for colonnes in (3, 4):
        lu = tableau(base, ici, "DSP-TDL", "resultats")
        assert {len(lu.colonnes), *(len(ligne.cellules) for ligne in lu.lignes)} == {colonnes}
        regler(base, ici, "DSP-TDL", {"cibles": {"sortie_emploi": 40}})


def test_the_line_of_the_rest_says_what_it_gathers_and_never_a_reserved_reason(base: Engine) -> None:
    motifs = ("demenagement", "abandon", "suspension_incarceration", "cdi")
    ici, _ = noter(base, [{"entree": ENTREE, "sortie": SORTIE, "motif": motif} for motif in motifs])
    lu = tableau(base, ici, "DSP-TDL", "sorties_dsp_2022")
    (note,) = [note for note in lu.notes if "Autres sorties" in note]
    assert {mot for mot in ("déménagement", "abandon", "incarc", "CDI") if mot.lower() in note.lower()} == {
        "déménagement",
        "abandon",
    }
    assert lu.dessin == "barres"


def test_the_base_of_the_obstacles_is_a_line_with_its_list(base: Engine) -> None:
    suivi = {"entree": ENTREE, "diagnostics": [(ENTREE, {"mobilite": "travaille"}, False)]}
    ici, _ = noter(base, [suivi, suivi, {"entree": ENTREE}])
    lu = tableau(base, ici, "DSP-TDL", "freins")
    cellule = lu.cellule("avec_diagnostic", "freins_releves")
    assert cellule.nombre == 2
    assert cellule.selection is not None
    assert not any(caractere.isdigit() for note in lu.notes for caractere in note)
    assert [colonne.indicateur for colonne in lu.colonnes] == ["freins_releves", "freins_travailles", "freins_leves"]
    assert lu.cellule("mobilite", "freins_travailles").part == "100\u202f%"


def test_where_people_live_is_read_at_the_entry_and_at_the_latest(base: Engine) -> None:
    suivi = {"convention": "DOM", "entree": ENTREE}
    apres, trop_tard = date(2022, 5, 1), date(2023, 1, 1)
    ici, _ = noter(
        base,
        [
            suivi | {"logement": {ENTREE: "rue", apres: "locataire_social", trop_tard: "proprietaire"}},
            # Sortie avant d'avoir un logement ; et ce qui ne s'est dit qu'après l'entrée.
            suivi | {"sortie": date(2022, 4, 1), "logement": {date(2021, 7, 1): "squat", apres: "locataire_prive"}},
            suivi | {"logement": {ENTREE: "institution_penitentiaire"}},
            suivi,
        ],
    )
    lu = tableau(base, ici, "DOM", "situations_logement")
    vus = {li.code: tuple(c.nombre for c in li.cellules) for li in lu.lignes if any(c.nombre for c in li.cellules)}
    assert vus == {
        "rue": (1, 0),
        "etablissement": (1, 1),
        "non_conventionnel": (1, 1),
        "logement": (0, 1),
        "non_renseigne": (1, 1),
    }
    assert all(controle.juste for controle in lu.controles)
    assert not any("pénitentiaire" in li.libelle.lower() for li in lu.lignes)


def test_a_request_is_counted_where_it_stood_on_the_last_day(base: Engine) -> None:
    def demande(nature: str, le: date, **dites: str) -> tuple[str, date, dict[str, str]]:
        return ("demande", le, {"nature": nature, "deposee_le": str(le)} | dites)

    depot = date(2022, 11, 20)
    pieces = [
        demande("hebergement_siao", depot, statut="accordee", statut_le="2023-01-05"),
        demande("hebergement_siao", depot, statut="refusee", statut_le="2022-12-31"),
        demande("appel_115", depot, statut="sans_suite"),
        demande("logement", date(2021, 12, 31), statut="en_cours"),
        demande("fsl", depot, statut="en_cours"),
    ]
    ici, _ = noter(base, [{"convention": "DOM", "entree": ENTREE, "pieces": pieces}])
    lu = tableau(base, ici, "DOM", "demandes_logement")
    assert {li.code: tuple(c.nombre for c in li.cellules) for li in lu.lignes} == {
        "appel_115": (1, 0, 0, 0, 1),
        "hebergement_siao": (2, 1, 0, 1, 0),
        "logement": (0, 0, 0, 0, 0),
    }
    assert lu.nom_de("hebergement_siao", "refusee") == "Hébergement (SIAO)\u202f: refusée"


def test_a_convention_that_does_not_ask_for_it_counts_no_housing(base: Engine) -> None:
    ici, _ = noter(base, [{"entree": ENTREE, "logement": {ENTREE: "rue"}}])
    with pytest.raises(CaseInconnue):
        tableau(base, ici, "DSP-TDL", "situations_logement")


def test_appointments_are_counted_by_place_and_only_the_places_lists_may_say_are_named(base: Engine) -> None:
    jour = date(2022, 3, 7)
    pris = [
        (jour, 9, "honore", "CMS Toul"),
        (jour, 10, "absence_excusee", "cms toul"),
        (jour, 11, "honore", "Foyer des Bornes"),
        (jour, 12, "honore", "Chez elle, 3 rue des Fictifs"),
        (jour, 13, "absence_non_excusee"),
        (jour, 14, "annule_service", "CMS Toul"),
    ]
    ici, _ = noter(base, [{"entree": ENTREE, "rendez_vous": pris}])
    with ecrire(base) as session:
        auteur = session.scalars(select(Utilisateur.id).where(Utilisateur.structure_id == ici)).one()
        session.add_all(Lieu(structure_id=ici, id=nom, nom=nom) for nom in ("CMS Toul", "Foyer des Bornes"))
        session.add(LieuMasque(structure_id=ici, id="l1", nom="Foyer", par_id=auteur, le=MAINTENANT))
    demande = Demande.lire(ici, "DSP-TDL", "2022", MAINTENANT)
    with lire(base) as session:
        lu = rapport.tableau(session, demande, "rendez_vous_lieux")
        comptes = {ligne.libelle: tuple(c.nombre for c in ligne.cellules[:3]) for ligne in lu.lignes}
        assert comptes == {
            "CMS Toul": (2, 1, 1),
            "Autres lieux": (2, 2, 0),
            "Lieu non noté": (1, 0, 1),
            "Total": (5, 3, 2),
        }
        assert [ligne.cellules[3].texte for ligne in lu.lignes] == [
            "50,0\u202f%",
            "100,0\u202f%",
            "0,0\u202f%",
            "60,0\u202f%",
        ]
        assert all(controle.juste for controle in lu.controles)
        tout = rapport.tableau(session, demande, "rendez_vous")
        assert lu.cellule("total", "realise").nombre == tout.ligne("realise").nombre
        for ligne in lu.lignes:
            for colonne in ("proposes", "realise", "absences"):
                derriere = rapport.liste(session, demande, "rendez_vous_lieux", ligne.code, colonne)
                assert len(derriere.lignes) == derriere.nombre == lu.cellule(ligne.code, colonne).nombre


def test_a_structure_that_receives_in_one_place_has_no_table_by_place(base: Engine) -> None:
    ici, _ = noter(base, [{"entree": ENTREE, "rendez_vous": [(date(2022, 3, 7), 9, "honore", "CMS Toul")]}])
    with pytest.raises(CaseInconnue):
        tableau(base, ici, "DSP-TDL", "rendez_vous_lieux")


def test_the_frame_names_the_partners(base: Engine) -> None:
    ici, _ = noter(base, [])
    assert "Service territorial insertion" in tableau(base, ici, "ASP-NC", "cadre").ligne("partenaires").texte


def test_a_business_creation_is_not_a_job_and_the_table_says_it_is_to_confirm(base: Engine) -> None:
    suivi = {"entree": ENTREE, "sortie": SORTIE}
    ici, _ = noter(base, [suivi | {"motif": "cddi"}, suivi | {"motif": "creation_entreprise"}])
    lu = tableau(base, ici, "DSP-TDL", "resultats")
    assert (lu.cellule("sortie_emploi", "nombre").nombre, lu.cellule("sortie_emploi", "base").nombre) == (1, 2)
    assert any("à confirmer" in note for note in lu.notes)


@pytest.mark.parametrize(
    ("colonnes", "colonne", "nom"),
    [
        ((Colonne("fait", "Fait"), Colonne("a_faire", "Pas fait")), "a_faire", "Cadence respectée\u202f: pas fait"),
        ((Colonne("nombre", "Nombre"),), "nombre", "Cadence respectée"),
    ],
)
def test_a_list_is_named_after_its_line_and_its_column(colonnes: tuple[Colonne, ...], colonne: str, nom: str) -> None:
    lignes = (Ligne("cadence", "Cadence respectée", tuple(Cellule.rien() for _ in colonnes)),)
    assert Tableau("conformite", "Conformité", "mesures", lignes, colonnes).nom_de("cadence", colonne) == nom
