"""L'import entier : tout ou rien, lignes valides, recommencer, et ce qui est écrit."""

from datetime import UTC, date, datetime

import pytest
import xlsxwriter
from sqlalchemy import select

from app.importation.connu import lire_connu
from app.models import (
    Acces,
    Controle,
    Demarche,
    Entretien,
    Mesure,
    MesureReferent,
    Operation,
    Personne,
    PersonneValeur,
    RendezVous,
    Structure,
)
from sync.fiches import lire_dossiers
from tests.bases import ecrire

from .conftest import CAMILLE, SECRETARIAT, STRUCTURE, Essai


def test_a_whole_folder_becomes_a_dossier_that_its_referent_can_read(essai: Essai) -> None:
    essai.dossier_complet()
    compte = essai.importer()
    assert not compte.anomalies
    assert compte.ecrites == {"personnes": 1, "mesures": 1, "rendez_vous": 2, "entretiens": 1, "demarches": 2}
    with essai.lire() as session:
        personne = session.scalars(select(Personne)).one()
        dossier = lire_dossiers(session, STRUCTURE, [personne.id], CAMILLE)[personne.id]
        assert session.scalars(select(Acces.utilisateur_id).where(Acces.actif.is_(True))).all() == [CAMILLE]
    # Ce qu'on sait d'elle est réputé vrai depuis sa première date connue, l'orientation.
    assert dossier["personne"]["historique"]["sexe"] == [["2025-12-20", "femme"]]
    assert dossier["personne"]["historique"]["telephones"][0][1] == [{"numero": "0639980001", "libelle": None}]
    assert dossier["mesures"][0]["historique"]["referent"] == [["2025-12-20", CAMILLE]]
    assert {r["debut"] for r in dossier["rendez_vous"]} == {"2026-01-12T08:30:00Z", "2026-12-12T08:30:00Z"}
    (entretien,) = dossier["entretiens"]
    assert entretien["synthese"] == "Premier bilan ; deux lignes\nà suivre"
    assert entretien["auteur"] == CAMILLE
    assert [(d["famille"], d["nature"]) for d in entretien["demarches"]] == [
        ("logement", "demande_logement"),
        ("tre", None),
    ]


def test_every_fiche_takes_its_number_and_the_dossier_stands_at_the_last(essai: Essai) -> None:
    essai.dossier_complet()
    essai.importer()
    with essai.lire() as session:
        structure = session.scalars(select(Structure)).one()
        personne = session.scalars(select(Personne)).one()
        sequences = [
            *session.scalars(select(Personne.sequence)),
            *session.scalars(select(Mesure.sequence)),
            *session.scalars(select(RendezVous.sequence)),
            *session.scalars(select(Entretien.sequence)),
        ]
    assert len(set(sequences)) == 5
    assert personne.sequence_dossier == max(sequences) <= structure.sequence


def test_an_import_is_one_line_of_the_log_and_asks_for_no_check(essai: Essai) -> None:
    essai.dossier_complet()
    essai.importer()
    with essai.lire() as session:
        operation = session.scalars(select(Operation)).one()
    assert (operation.genre, operation.origine, operation.utilisateur_id) == ("importer", "import", SECRETARIAT)
    assert operation.champs["fichiers"]["entretiens"] == 1
    assert essai.compter(Controle) == 0


def test_importing_again_changes_nothing(essai: Essai) -> None:
    essai.dossier_complet()
    essai.importer()
    avant = photographie(essai)
    compte = essai.importer()
    assert not compte.anomalies
    assert compte.total == 0
    assert compte.deja == {"personnes": 1, "mesures": 1, "rendez_vous": 2, "entretiens": 1, "demarches": 2}
    assert photographie(essai) == avant


def test_what_was_noted_since_is_never_overwritten(essai: Essai) -> None:
    essai.dossier_complet()
    essai.importer()
    essai.fichier("personnes.csv", "reference;nom;prenom\nP1;Autrement;Dit\nP2;Clairefable;Zoé\n")
    compte = essai.importer()
    assert (compte.ecrites, compte.deja["personnes"]) == ({"personnes": 1}, 1)
    with essai.lire() as session:
        assert set(session.scalars(select(Personne.nom))) == {"Boisfictif", "Clairefable"}


def test_a_later_file_may_cite_what_is_already_there(essai: Essai) -> None:
    essai.dossier_complet()
    essai.importer()
    with essai.lire() as session:
        avant = session.scalars(select(Personne.sequence_dossier)).one()
    for nom in ("personnes", "mesures", "rendez_vous", "demarches"):
        (essai.dossier / f"{nom}.csv").unlink()
    essai.fichier("entretiens.csv", "reference;personne;rendez_vous;date;moyen\nE2;P1;R1;13/01/2026;telephone\n")
    assert essai.importer().ecrites == {"entretiens": 1}
    with essai.lire() as session:
        entretien = session.scalars(select(Entretien).where(Entretien.reference == "E2")).one()
        apres = session.scalars(select(Personne.sequence_dossier)).one()
    # Le rendez-vous dit la mesure ; la mesure déjà là n'a pas besoin d'être répétée.
    assert entretien.mesure_id is not None
    assert apres == entretien.sequence > avant


def test_one_wrong_line_keeps_everything_out(essai: Essai) -> None:
    essai.dossier_complet()
    essai.fichier("personnes.csv", "reference;nom;prenom;sexe\nP1;Boisfictif;Awa;femme\nP2;Clairefable;Zoé;chat\n")
    compte = essai.importer()
    assert [str(a) for a in compte.anomalies] == [
        "personnes.csv, ligne 3, colonne sexe : valeur inconnue ; attendu : femme, homme, autre (lu : « chat »)"
    ]
    assert compte.total == 0
    assert [essai.compter(m) for m in (Personne, Mesure, RendezVous, Entretien, Operation)] == [0] * 5


def test_valid_lines_alone_may_enter_and_the_rest_later(essai: Essai) -> None:
    essai.dossier_complet()
    essai.fichier("personnes.csv", "reference;nom;prenom;sexe\nP1;Boisfictif;Awa;femme\nP2;Clairefable;Zoé;chat\n")
    essai.fichier(
        "mesures.csv",
        "reference;personne;convention;entree_le\nM1;P1;ASP-NC;05/01/2026\nM2;P2;ASP-NC;05/01/2026\n",
    )
    compte = essai.importer(lignes_valides=True)
    assert "mesures.csv, ligne 3, colonne personne : cette référence est celle d'une ligne refusée" in str(
        [str(a) for a in compte.anomalies]
    )
    assert (essai.compter(Personne), essai.compter(Mesure), essai.compter(Entretien)) == (1, 1, 1)
    essai.fichier("personnes.csv", "reference;nom;prenom;sexe\nP1;Boisfictif;Awa;femme\nP2;Clairefable;Zoé;F\n")
    assert essai.importer().ecrites == {"personnes": 1, "mesures": 1}


def test_an_interview_waits_with_its_wrong_step(essai: Essai) -> None:
    essai.dossier_complet()
    essai.fichier("demarches.csv", "entretien;famille;nature\nE1;logement;demande_logement\nE1;tre;voyage\n")
    compte = essai.importer(lignes_valides=True)
    assert essai.compter(Entretien) == essai.compter(Demarche) == 0
    assert [str(a) for a in compte.anomalies] == [
        "demarches.csv, ligne 3, colonne nature : nature inconnue de la famille « tre » (lu : « voyage »)",
        "entretiens.csv, ligne 2 : une démarche de cet entretien est refusée",
        "demarches.csv, ligne 2, colonne entretien : cette référence est celle d'une ligne refusée (lu : « E1 »)",
    ]
    essai.dossier_complet()
    assert essai.importer().ecrites == {"entretiens": 1, "demarches": 2}


def test_a_closed_mesure_gives_the_dossier_to_nobody(essai: Essai) -> None:
    essai.fichier("personnes.csv", "reference;nom;prenom\nP1;Boisfictif;Awa\n")
    essai.fichier(
        "mesures.csv",
        "reference;personne;convention;entree_le;sortie_le;sortie_motif;referent\n"
        "M1;P1;ASP-NC;05/01/2025;05/06/2025;cddi;camille@essai.example\n",
    )
    assert not essai.importer().anomalies
    assert (essai.compter(Acces), essai.compter(MesureReferent)) == (0, 1)


def test_the_commune_keeps_its_code_and_its_name(essai: Essai) -> None:
    essai.fichier(
        "personnes.csv",
        "reference;nom;prenom;code_commune;commune;date_effet\nP1;Boisfictif;Awa;00101;Fable;03/01/2022\n",
    )
    essai.importer()
    with essai.lire() as session:
        valeur = session.scalars(select(PersonneValeur)).one()
    assert (valeur.champ, valeur.jour) == ("commune", date(2022, 1, 3))
    assert valeur.valeur == {"code": "00101", "nom": "Fable"}


def test_someone_known_by_a_pseudonym_alone_may_enter(essai: Essai) -> None:
    essai.fichier("personnes.csv", "reference;pseudonymes\nP1;Le Grand Félix|Tonton\nP2;\n")
    assert essai.anomalies() == [
        "personnes.csv, ligne 3, colonne nom : il faut au moins un nom, un prénom ou un pseudonyme"
    ]
    essai.importer(lignes_valides=True)
    with essai.lire() as session:
        assert session.scalars(select(Personne.pseudonymes)).one() == ["Le Grand Félix", "Tonton"]


def test_a_workbook_is_imported_like_a_csv(essai: Essai) -> None:
    essai.dossier_complet()
    (essai.dossier / "mesures.csv").unlink()
    document = xlsxwriter.Workbook(essai.dossier / "mesures.xlsx")
    feuille = document.add_worksheet()
    jour = document.add_format({"num_format": "dd/mm/yyyy"})
    feuille.write_row(0, 0, ["Reference", "Personne", "Convention", "Entree_le"])
    feuille.write_row(1, 0, ["M1", "P1", "ASP-NC"])
    feuille.write_datetime(1, 3, datetime(2026, 1, 5), jour)  # noqa: DTZ001  # un jour de tableur n'a pas de fuseau
    document.close()
    compte = essai.importer()
    assert not compte.anomalies
    with essai.lire() as session:
        assert session.scalars(select(Mesure.entree_le)).one() == date(2026, 1, 5)


def test_the_same_values_enter_by_the_phone(essai: Essai) -> None:
    """Ce que l'import garde, l'échange l'accepterait : une fiche importée se modifie ensuite sans surprise."""
    from app.importation import colonnes
    from sync.champs import lire_champs
    from sync.regles.personne import formes

    exemples = {"textes": "Tonton", "booleen": "oui", "entier": "2", "jour": "31/12/2022", "mois": "12/2022"}
    from app.domain.champs_personne import catalogue
    from app.domain.nomenclatures import codes

    for champ in catalogue().values():
        colonne = next((c for c in colonnes.fichiers()["personnes"] if c.nom == champ.nom), None)
        if colonne is None or not champ.date or champ.genre == "commune":
            continue
        ecrit = colonne.exemple or exemples.get(champ.genre) or (codes(champ.liste)[0] if champ.liste else "texte")
        valeur = colonne.lire(ecrit)
        assert lire_champs({champ.nom: valeur}, formes()) == ({champ.nom: valeur}, {}), champ.nom


def photographie(essai: Essai) -> list[object]:
    with essai.lire() as session:
        modeles = (Structure, Personne, PersonneValeur, Mesure, MesureReferent, RendezVous, Entretien, Demarche, Acces)
        return [
            [tuple(ligne) for ligne in session.execute(select(m.__table__).order_by(*m.__table__.primary_key))]
            for m in (*modeles, Operation)
        ]


@pytest.mark.parametrize("debut", [datetime(2026, 3, 29, 2, 30), datetime(2026, 10, 25, 2, 30)])  # noqa: DTZ001  # heure de Paris
def test_an_hour_of_the_clock_change_is_kept_as_an_instant(essai: Essai, debut: datetime) -> None:
    essai.dossier_complet()
    essai.fichier(
        "rendez_vous.csv",
        f"reference;mesure;date;heure;statut\nR1;M1;{debut:%d/%m/%Y};{debut:%H:%M};honore\n",
    )
    assert not essai.importer().anomalies
    with essai.lire() as session:
        assert session.scalars(select(RendezVous.debut)).one().tzinfo is UTC


def test_a_reference_of_a_file_united_to_another_means_the_one_that_stays(essai: Essai) -> None:
    essai.dossier_complet()
    essai.importer()
    with ecrire(essai.moteur) as session:
        (structure_id, autre, reference) = session.execute(
            select(Personne.structure_id, Personne.id, Personne.reference).limit(1)
        ).one()
        reste = Personne(
            structure_id=structure_id,
            id="reste",
            nom="Diallo",
            prenom="Awa",
            pseudonymes=[],
            desaccords=0,
            sequence=1,
            sequence_dossier=1,
            cree_le=datetime(2026, 11, 23, tzinfo=UTC),
        )
        session.add(reste)
        session.get_one(Personne, (structure_id, autre)).fusionnee_dans = "reste"
        session.flush()
        connu = lire_connu(session, structure_id, ["personnes", "mesures"])
        assert connu.personnes[str(reference)].personne_id == "reste"
