"""Ce qu'une convention dit d'elle-même : son nom, ses dates, son public, son territoire, ses places, son équipe."""

from typing import Final

from app.domain.convention.formes import Champ, Code, Datee, Decimal, Entier, Jour, Liste, Table, Texte
from app.domain.convention.regles.regle import Regle

UNITES: Final = {
    "flux_continu": "Mesures en flux continu",
    "simultane": "Personnes suivies en même temps",
    "file_active": "Places en file active",
    "mesures": "Mesures d’une durée fixée",
    "groupe": "Groupe fermé",
    "effectif": "Personnes suivies, sans nombre convenu",
    "binomes": "Binômes d’accompagnement",
}

CADRE: Final[tuple[Regle, ...]] = (
    Regle("libelle", "Nom", "identite", Texte('"Accompagnement – Nancy"'), "Le nom entier.", True),
    Regle("libelle_court", "Nom court", "identite", Texte('"ASP Nancy"'), "Celui des listes et des échéances.", True),
    Regle("debut", "Début", "identite", Jour(), "Le premier jour où cette version s’applique.", True),
    Regle(
        "fin",
        "Fin",
        "identite",
        Jour("2026-12-31"),
        "Le dernier jour\u202f; les mesures ouvertes gardent ses règles.",
        True,
    ),
    Regle(
        "financeurs", "Financeurs", "identite", Liste(Texte('"Conseil départemental"')), "Qui finance, un par élément."
    ),
    Regle("services", "Services du financeur", "identite", Liste(Texte('"SESIT"')), "Ceux avec qui l’on travaille."),
    Regle(
        "financement",
        "Financement",
        "identite",
        Liste(Texte('"60 000 € par ETP"')),
        "Ses modalités, en toutes lettres.",
    ),
    Regle("pole", "Pôle", "identite", Texte('"Logement et Insertion"'), "Le pôle de la structure qui la porte."),
    Regle("territoire", "Territoire", "public", Texte(), "Où elle s’applique."),
    Regle("public", "Public", "public", Liste(Texte('"Bénéficiaires du RSA"')), "À qui elle s’adresse."),
    Regle("objectifs", "Objectifs", "public", Liste(Texte('"Lever les freins"')), "Ce qu’elle vise."),
    Regle("prescripteurs", "Prescripteurs", "public", Liste(Texte('"Pôle emploi"')), "Qui oriente."),
    Regle("lieux", "Lieux d’accueil", "public", Liste(Texte('"CCAS de Lunéville"')), "Où l’on reçoit."),
    Regle("partenaires", "Partenaires", "public", Liste(Texte('"SIAO"')), "Avec qui l’on travaille."),
    Regle(
        "modalites",
        "Modalités",
        "public",
        Liste(
            Code(
                {
                    "socioprofessionnelle": "Accompagnement socio-professionnel",
                    "mobilisation_sociale": "Mobilisation sociale",
                }
            )
        ),
        "Les modalités d’accompagnement qu’elle connaît.",
        True,
    ),
    Regle("unite", "Ce qui se compte", "capacite", Code(UNITES), "Ce que compte une place."),
    Regle(
        "places",
        "Places",
        "capacite",
        Datee(Entier("place", "places", exemple="70")),
        "Datées\u202f; les dépasser avertit, sans rien empêcher.",
    ),
    Regle(
        "places_par_etp",
        "Places par ETP",
        "capacite",
        Entier("place", "places", maxi=500, exemple="70"),
        "Le plus, pour un temps plein.",
    ),
    Regle(
        "quota_brsa",
        "Part de bénéficiaires du RSA",
        "capacite",
        Table(
            {
                "nombre": Champ("Nombre", Entier("bénéficiaire du RSA", "bénéficiaires du RSA", exemple="32"), True),
                "part": Champ("Part", Entier("%", "%", maxi=100, exemple="50"), True),
            }
        ),
        "Un nombre de personnes, ou une part en pour cent\u202f: l’un ou l’autre.",
        exemple="{ nombre = 32 }",
    ),
    Regle(
        "etp", "Temps de travail", "capacite", Decimal("ETP"), "En équivalents temps plein, pour toute la convention."
    ),
    Regle("equipe", "Équipe", "capacite", Liste(Texte('"1 conseillère"')), "Qui y travaille, en toutes lettres."),
    Regle(
        "binomes", "Binômes", "capacite", Entier("binôme", "binômes", maxi=500, exemple="14"), "Le nombre de binômes."
    ),
    Regle(
        "groupe",
        "Groupe",
        "capacite",
        Table(
            {
                "taille": Champ("Taille", Entier("personne", "personnes", maxi=200)),
                "jours_par_semaine": Champ(
                    "Jours par semaine", Entier("journée par semaine", "journées par semaine", maxi=7, exemple="2")
                ),
                "mois": Champ("Durée", Entier("mois", maxi=36, exemple="3")),
            },
            "{taille}, {jours_par_semaine} sur {mois}",
        ),
        "Une action collective\u202f: un groupe, un rythme, une durée.",
        True,
    ),
)
