"""Chaque sorte d'erreur, dite en français avec son fichier, sa ligne et sa colonne."""

import pytest

from app.importation.anomalie import Anomalies
from app.models import Personne

from .conftest import Essai

MESURES = "reference;personne;convention;orientee_le;premier_contact_le;entree_le;sortie_le;sortie_motif;referent"


@pytest.mark.parametrize(
    ("nom", "texte", "attendue"),
    [
        ("personne.csv", "reference\nP1\n", "personne.csv : nom de fichier inconnu ; attendus : personnes, mesures"),
        ("personnes.csv", "reference;nom;nir\nP1;A;1\n", "personnes.csv, ligne 1 : colonne inconnue (lu : « nir »)"),
        (
            "personnes.csv",
            "nom;prenom\nA;B\n",
            "personnes.csv, ligne 1, colonne reference : colonne obligatoire absente",
        ),
        ("personnes.csv", "reference;nom;nom\nP1;A;B\n", "personnes.csv, ligne 1, colonne nom : colonne en double"),
        ("personnes.csv", "", "personnes.csv, ligne 1, colonne reference : colonne obligatoire absente"),
        (
            "personnes.csv",
            "reference;nom\n;A\n",
            "personnes.csv, ligne 2, colonne reference : valeur obligatoire absente",
        ),
        ("personnes.csv", "reference;nom\nP1;A;x\n", "personnes.csv, ligne 2 : cellule en trop"),
        (
            "personnes.csv",
            "reference;nom\nP9;A\nP9;B\n",
            "personnes.csv, ligne 3, colonne reference : référence déjà prise plus haut (lu : « P9 »)",
        ),
        (
            "personnes.csv",
            "reference;nom;date_naissance\nP1;A;01/01/2090\n",
            "personnes.csv, ligne 2, colonne date_naissance : date à venir",
        ),
        (
            "personnes.csv",
            "reference;nom;code_commune\nP1;A;00101\n",
            "personnes.csv, ligne 2, colonne commune : le nom de la commune manque",
        ),
        (
            "mesures.csv",
            f"{MESURES}\nM1;P7;ASP-NC;05/01/2026;;;;;\n",
            "mesures.csv, ligne 2, colonne personne : aucune personne n'a cette référence (lu : « P7 »)",
        ),
        (
            "mesures.csv",
            f"{MESURES}\nM1;P1;AUTRE;05/01/2026;;;;;\n",
            "mesures.csv, ligne 2, colonne convention : convention inconnue de la structure (lu : « AUTRE »)",
        ),
        (
            "mesures.csv",
            f"{MESURES}\nM1;P1;ASP-NC;;;;;;\n",
            "mesures.csv, ligne 2, colonne orientee_le : la date d'orientation ou celle d'entrée est obligatoire",
        ),
        (
            "mesures.csv",
            f"{MESURES}\nM1;P1;ASP-NC;05/01/2026;;04/01/2026;;;\n",
            "mesures.csv, ligne 2, colonne entree_le : cette date est avant l'orientation (lu : « 04/01/2026 »)",
        ),
        (
            "mesures.csv",
            f"{MESURES}\nM1;P1;ASP-NC;;;05/01/2026;04/01/2026;;\n",
            "mesures.csv, ligne 2, colonne sortie_le : cette date est avant l'entrée (lu : « 04/01/2026 »)",
        ),
        (
            "mesures.csv",
            f"{MESURES}\nM1;P1;ASP-NC;;;05/01/2026;;cddi;\n",
            "mesures.csv, ligne 2, colonne sortie_le : un motif de sortie est donné sans date de sortie",
        ),
        (
            "mesures.csv",
            f"{MESURES}\nM1;P1;ASP-NC;;;05/01/2026;;;inconnu@essai.example\n",
            "mesures.csv, ligne 2, colonne referent : aucun compte n'a ce courriel (lu : « inconnu@essai.example »)",
        ),
        (
            "rendez_vous.csv",
            "reference;mesure;date;heure;statut\nR1;M7;05/01/2026;9:00;honore\n",
            "rendez_vous.csv, ligne 2, colonne mesure : aucune mesure n'a cette référence (lu : « M7 »)",
        ),
        (
            "rendez_vous.csv",
            "reference;mesure;date;heure;statut\nR1;M1;27/11/2026;9:00;honore\n",
            "rendez_vous.csv, ligne 2, colonne statut : ce rendez-vous n'a pas encore eu lieu",
        ),
        (
            "rendez_vous.csv",
            "reference;mesure;date;heure;statut\nR1;M1;05/01/2026;9:00;a_preciser\n",
            "rendez_vous.csv, ligne 2, colonne statut : valeur inconnue",
        ),
        (
            "entretiens.csv",
            "reference;mesure;date;moyen\nE1;;05/01/2026;sms\n",
            "entretiens.csv, ligne 2, colonne personne : la personne ou la mesure est obligatoire",
        ),
        (
            "entretiens.csv",
            "reference;mesure;date;moyen\nE1;M1;27/11/2026;sms\n",
            "entretiens.csv, ligne 2, colonne date : un entretien ne peut pas être à venir",
        ),
        (
            "entretiens.csv",
            "reference;personne;mesure;date;moyen\nE1;P2;M1;05/01/2026;sms\n",
            "entretiens.csv, ligne 2, colonne mesure : la personne, la mesure et le rendez-vous ne vont pas ensemble",
        ),
        (
            "demarches.csv",
            "entretien;famille\nE7;logement\n",
            "demarches.csv, ligne 2, colonne entretien : aucun entretien n'a cette référence (lu : « E7 »)",
        ),
    ],
)
def test_each_error_is_told_with_its_place(essai: Essai, nom: str, texte: str, attendue: str) -> None:
    essai.fichier("personnes.csv", "reference;nom;prenom\nP1;Boisfictif;Awa\nP2;Clairefable;Zoé\n")
    if nom != "mesures.csv":
        essai.fichier("mesures.csv", f"{MESURES}\nM1;P1;ASP-NC;;;05/01/2026;;;\n")
    essai.fichier(nom, texte)
    anomalies = essai.anomalies()
    assert any(a.startswith(attendue) for a in anomalies), anomalies
    assert essai.compter(Personne) == 0


def test_all_the_errors_of_a_line_are_told_at_once(essai: Essai) -> None:
    essai.fichier("personnes.csv", "reference;nom;sexe;telephones\nP1;=1;chat;12\n")
    assert len(essai.anomalies()) == 3


def test_two_files_for_one_noun_are_told(essai: Essai) -> None:
    essai.fichier("personnes.csv", "reference;nom\nP1;A\n")
    essai.fichier("personnes.xlsx", "")
    assert "personnes.xlsx : fait double emploi avec personnes.csv" in essai.anomalies()


@pytest.mark.parametrize(
    "nom",
    ["Robert'); DROP TABLE personne;--", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "{{ config }}", "%s%n"],
)
def test_a_hostile_cell_is_only_text(essai: Essai, nom: str) -> None:
    essai.fichier("personnes.csv", f'reference;nom\nP1;"{nom}"\n')
    assert not essai.importer().anomalies
    with essai.lire() as session:
        assert [p.nom for p in session.query(Personne)] == [nom]


def test_the_offending_value_is_shown_short_and_on_one_line() -> None:
    anomalies = Anomalies()
    anomalies.ajouter("personnes.csv", 2, "nom", "dépasse", "x" * 500 + "\n\x1b[31m")
    anomalies.ajouter("personnes.csv", 3, "nom", "dépasse", "a\nb\x1b[31m")
    premiere, seconde = anomalies
    assert premiere.valeur == "x" * 39 + "…"
    assert seconde.valeur == "a·b·[31m"


def test_a_file_full_of_errors_is_counted_without_filling_the_memory(essai: Essai) -> None:
    essai.fichier("personnes.csv", "reference;nom;sexe\n" + "".join(f"P{n};A;chat\n" for n in range(1500)))
    anomalies = essai.importer().anomalies
    assert anomalies.nombre == 1500
    assert len(list(anomalies)) == 1000


def test_an_empty_folder_imports_nothing(essai: Essai) -> None:
    compte = essai.importer()
    assert (compte.total, compte.anomalies.nombre) == (0, 0)
