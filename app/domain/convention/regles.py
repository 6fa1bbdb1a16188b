"""Les règles qu'une convention peut porter : une entrée chacune, et rien d'autre à écrire pour en ajouter une.

L'ordre est celui de l'écran. `telephone` : la règle voyage, parce qu'elle fait une échéance ou montre un champ.
`docs/conventions.md` est vérifié contre cette table.
"""

from dataclasses import dataclass
from typing import Final

from app.domain.convention.formes import (
    Booleen,
    Champ,
    Code,
    Datee,
    Decimal,
    Entier,
    Forme,
    Jour,
    JourDeLAnnee,
    Liste,
    Table,
    Texte,
)

GROUPES: Final = {
    "accueil": "L’accueil",
    "rythme": "Le rythme",
    "duree": "La durée",
    "contrat": "Le contrat et le bilan",
    "suites": "La sortie et ses suites",
    "obligations": "Ce qui est demandé en plus",
    "capacite": "Les places et l’équipe",
    "public": "Le public et le territoire",
    "identite": "La convention",
    "rapports": "Les comptes rendus",
}

JOURS = Entier("jour", "jours", maxi=366)
MOIS = Entier("mois", maxi=60, exemple="6")
OUI = Booleen("Demandé", "Non demandé")

UNITES: Final = {
    "flux_continu": "Mesures en flux continu",
    "simultane": "Personnes suivies en même temps",
    "file_active": "Places en file active",
    "mesures": "Mesures d’une durée fixée",
    "groupe": "Groupe fermé",
    "effectif": "Personnes suivies, sans nombre convenu",
    "binomes": "Binômes d’accompagnement",
}
PERIODES: Final = {"mois": "par mois", "quinzaine": "par quinzaine", "semaine": "par semaine"}
CONTRATS: Final = {
    "contrat_insertion": "Contrat d’insertion",
    "cer": "Contrat d’engagements réciproques (CER)",
    "contrat_engagement": "Contrat d’engagement",
}
RELANCES: Final = {
    "sms": "SMS",
    "telephone": "Appel",
    "courriel": "Courriel",
    "courrier": "Courrier",
    "saisine": "Saisine",
}
LIVRABLES: Final = {
    "diagnostic": "Diagnostic",
    "modalites_accompagnement": "Modalités d’accompagnement",
    "modalites_contact": "Modalités de contact",
    "parcours": "Parcours construit ensemble",
    "droits_devoirs": "Droits et devoirs présentés",
    "contrat": "Contrat signé",
    "premieres_actions": "Premières actions engagées",
}


@dataclass(frozen=True, slots=True)
class Regle:
    """Une règle possible. `aide` : ce qu'elle change, pour qui écrit une convention."""

    nom: str
    libelle: str
    groupe: str
    forme: Forme
    aide: str
    telephone: bool = False
    exemple: str = ""

    def en_toml(self) -> str:
        """Une ligne de TOML à recopier."""
        return (
            f'{self.nom} = {{ valeur = {self.exemple or self.forme.exemple}, source = "Convention 2026, article 3" }}'
        )


TABLE: Final[tuple[Regle, ...]] = (
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
    Regle(
        "premier_contact_jours",
        "Premier contact",
        "accueil",
        JOURS,
        "Le délai, en jours après l’orientation.",
        True,
    ),
    Regle(
        "accueil",
        "Phase d’accueil",
        "accueil",
        Table(
            {
                "jours": Champ("Durée, au plus", JOURS),
                "depuis": Champ("Comptée depuis", Code({"orientation": "l’orientation", "entree": "l’entrée"}), True),
                "livrables": Champ("À remettre", Liste(Code(LIVRABLES)), True),
                "rendez_vous": Champ("Rendez-vous physiques, au moins", Entier(maxi=20, exemple="1"), True),
            }
        ),
        "Ce qui doit être fait dans les premiers jours.",
        True,
        '{ jours = 15, depuis = "entree", livrables = ["diagnostic", "contrat"], rendez_vous = 1 }',
    ),
    Regle("etapes", "Étapes", "accueil", Liste(Texte('"Diagnostic partagé"')), "Les étapes, dans l’ordre."),
    Regle(
        "tripartite",
        "Entretien tripartite",
        "accueil",
        OUI,
        "Un entretien à trois, puis un entretien d’initialisation de chaque côté.",
        True,
    ),
    Regle(
        "information_fse", "Information sur le cofinancement", "accueil", OUI, "À donner au premier entretien.", True
    ),
    Regle(
        "cadence",
        "Rythme des entretiens",
        "rythme",
        Table(
            {
                "nombre": Champ("Nombre", Entier("entretien", "entretiens", maxi=31, exemple="1")),
                "par": Champ("Par", Code(PERIODES)),
            },
            "{nombre} {par}, au moins",
        ),
        "Combien d’entretiens, au moins, par mois, quinzaine ou semaine.",
        True,
    ),
    Regle("intensif_mois", "Début renforcé", "rythme", MOIS, "Les premiers mois où l’on se voit davantage.", True, "3"),
    Regle(
        "rendez_vous_physiques",
        "Rendez-vous physiques",
        "rythme",
        Table(
            {
                "total": Champ("En tout, au moins", Entier("rendez-vous", maxi=200, exemple="13")),
                "accueil": Champ("Dont à l’accueil", Entier("rendez-vous", maxi=200, exemple="1"), True),
                "mois": Champ("Sur", Entier("mois", maxi=60, exemple="12")),
            }
        ),
        "Combien sur toute la durée, dont combien à l’accueil.",
        True,
    ),
    Regle(
        "activite_minutes",
        "Activité par semaine",
        "rythme",
        Entier("minute par semaine", "minutes par semaine", maxi=2400, exemple="900"),
        "En minutes entières\u202f: 900 pour quinze heures.",
        True,
    ),
    Regle(
        "relances",
        "Relances après une absence",
        "rythme",
        Liste(
            Table(
                {
                    "quoi": Champ("Quoi", Code(RELANCES)),
                    "apres": Champ("Après", Entier("absence", "absences", maxi=20, exemple="1")),
                },
                "{quoi}, après {apres} sans nouvelles",
            )
        ),
        "Ce que la structure fait, après combien d’absences sans nouvelles\u202f; jamais tout seul.",
        True,
        '[{ quoi = "sms", apres = 1 }, { quoi = "courrier", apres = 2 }]',
    ),
    Regle("duree_mois", "Durée", "duree", MOIS, "D’une mesure, sans renouvellement.", True),
    Regle(
        "duree_max_mois", "Durée la plus longue", "duree", MOIS, "Quand la convention donne une fourchette.", True, "9"
    ),
    Regle(
        "duree_selon",
        "Durée, si elle suit autre chose",
        "duree",
        Code({"contrat_travail": "Celle du contrat de travail"}),
        "Quand la durée suit autre chose qu’un nombre de mois.",
        True,
    ),
    Regle(
        "renouvellements",
        "Renouvellements",
        "duree",
        Table(
            {
                "mois": Champ("Chacun de", Entier("mois", maxi=60, exemple="6")),
                "nombre": Champ("Au plus", Entier("fois", maxi=10, exemple="1")),
                "motif": Champ("Motif", Booleen("à donner par écrit", "non demandé"), True),
            }
        ),
        "De combien de mois, combien de fois, et si un motif est demandé.",
        True,
        "{ mois = 6, nombre = 2, motif = true }",
    ),
    Regle("contrat", "Contrat", "contrat", Code(CONTRATS), "Celui que la personne et la structure signent.", True),
    Regle(
        "contrat_pour",
        "Contrat demandé",
        "contrat",
        Code({"brsa": "Aux bénéficiaires du RSA"}),
        "Quand il n’est pas demandé à tous.",
        True,
    ),
    Regle("contrat_mois", "Durée du contrat", "contrat", MOIS, "En mois.", True),
    Regle("outil", "Outil du financeur", "contrat", Texte('"Phénix"'), "Où le contrat est aussi saisi.", True),
    Regle(
        "bilan_final",
        "Bilan final",
        "contrat",
        Table({"diagnostic": Champ("Diagnostic", Booleen("repris à cette occasion", "non repris"))}),
        "Un bilan avant la fin\u202f; `diagnostic`\u202f: repris à cette occasion.",
        True,
    ),
    Regle("veille_mois", "Veille après la sortie", "suites", MOIS, "Le délai, en mois après la sortie.", True),
    Regle(
        "veille_apres",
        "Veille après",
        "suites",
        Liste(Code({"emploi": "Une sortie en emploi", "formation": "Une sortie en formation"})),
        "Après quelles sorties la veille est due.",
        True,
    ),
    Regle(
        "file_active",
        "Fin de file active",
        "suites",
        Table(
            {
                "emploi": Champ("En emploi", Code({"fin_essai": "à la fin de la période d’essai"}), True),
                "formation_mois": Champ("En formation", Entier("mois après le début", exemple="1", maxi=24), True),
            }
        ),
        "Quand une personne en emploi ou en formation quitte la file active.",
        True,
    ),
    Regle("siae_comites", "Comités techniques des SIAE", "suites", OUI, "La conseillère y participe.", True),
    Regle(
        "siae_reprise",
        "Reprise après une SIAE",
        "suites",
        OUI,
        "L’accompagnement reprend quand le contrat finit sans solution.",
        True,
    ),
    Regle(
        "motifs_sortie",
        "Motifs de sortie",
        "suites",
        Liste(
            Table(
                {
                    "libelle": Champ("Libellé", Texte('"Emploi durable"')),
                    "motifs": Champ("Motifs", Liste(Texte('"cdi"')), True),
                },
                "{libelle}",
            )
        ),
        "Les lignes du tableau des sorties, telles que le financeur les écrit.",
        exemple='[{ libelle = "Emploi durable", motifs = ["cdi"] }]',
    ),
    Regle(
        "cofinancement_fse",
        "Cofinancement européen",
        "obligations",
        Booleen("Fonds social européen", "Aucun"),
        "Ouvre l’éligibilité et les questionnaires.",
        True,
    ),
    Regle(
        "fse_sortie_mois",
        "Questionnaire de sortie",
        "obligations",
        MOIS,
        "Le délai, en mois après la sortie.",
        True,
        "1",
    ),
    Regle(
        "cv_depose",
        "CV déposé",
        "obligations",
        Texte('"Job Connexion"'),
        "Où, quand la personne est prête à l’emploi.",
        True,
    ),
    Regle("engagement", "Engagement citoyen", "obligations", OUI, "Proposé et suivi.", True),
    Regle(
        "progression", "Progression mesurée", "obligations", OUI, "Par des indicateurs que la structure propose.", True
    ),
    Regle(
        "visite_sur_site",
        "Visite sur place",
        "obligations",
        Booleen("Possible", "Non prévue"),
        "Pendant un emploi, un stage, une formation.",
        True,
    ),
    Regle(
        "accord_partage",
        "Accord avant tout partage",
        "obligations",
        OUI,
        "Celui de la personne, entre les deux professionnels.",
        True,
    ),
    Regle(
        "instances", "Réunions et comités", "obligations", Liste(Texte('"Comité technique"')), "Où l’on rend compte."
    ),
    Regle(
        "cibles",
        "Cibles",
        "rapports",
        Table(
            {
                "reprise_activite": Champ(
                    "Reprise d’activité ou d’emploi", Entier("%", "%", maxi=100, exemple="40"), True
                ),
                "sortie_emploi": Champ("Sortie liée à l’emploi", Entier("%", "%", maxi=100, exemple="30"), True),
                "cv_depose": Champ(
                    "CV déposé, personnes prêtes à l’emploi", Entier("%", "%", maxi=100, exemple="100"), True
                ),
            }
        ),
        "En pour cent entiers.",
    ),
    Regle(
        "rapport_final",
        "Bilan au financeur",
        "rapports",
        JourDeLAnnee(),
        "Le dernier jour pour le remettre, l’année suivante.",
    ),
    Regle(
        "rapport_rendez_vous",
        "Tableau des rendez-vous",
        "rapports",
        Table(
            {
                "decimales": Champ("Décimales", Entier(mini=0, maxi=2, exemple="1"), True),
                "annules_comptes": Champ("Annulés par le service", Booleen("comptés", "non comptés"), True),
            }
        ),
        "Ses décimales, et si les rendez-vous annulés par le service comptent.",
    ),
    Regle(
        "rapport_sexe",
        "Tableau par sexe",
        "rapports",
        Table({"decimales": Champ("Décimales", Entier(mini=0, maxi=2, exemple="2"))}),
        "Ses décimales.",
    ),
)

PAR_NOM: Final[dict[str, Regle]] = {regle.nom: regle for regle in TABLE}

# Ce que la convention laisse à la structure : des noms de cette table, sauf ce qui l'identifie.
_FIXES: Final = frozenset({"libelle", "debut", "fin", "motifs_sortie"})
AJUSTABLES: Final = tuple(nom for nom, regle in PAR_NOM.items() if nom not in _FIXES and regle.groupe != "rapports")
PERIMETRE: Final = Regle(
    "perimetre_structure",
    "Laissé à la structure",
    "identite",
    Liste(Code({nom: PAR_NOM[nom].libelle for nom in AJUSTABLES})),
    "Les règles que le chef de service peut ajuster, avec une date d’effet.",
    exemple='["places", "lieux"]',
)

# Ce sans quoi une version ne se lit pas.
OBLIGATOIRES: Final = ("libelle", "debut")
