"""What the citizens of the demo wrote, and what became of it. Plain text as people type it, straight quotes and all."""

from __future__ import annotations

from feedback_app.demo.people import MODERATORS, NOUR, THEO
from feedback_app.demo.story import Confirm, Correct, Decide, Story, Withdraw, ago, refused, typed
from feedback_app.demo.waiting_texts import UNCONFIRMED, WAITING
from feedback_app.domain.contribution import Ground

BY_YANN, BY_INES = MODERATORS

PUBLISHED = (
    Story(
        1,
        NOUR,
        "Nour V.",
        ago(36, "18:42"),
        typed("""
            Bonne nouvelle ! J'habite à cent mètres de la Sourdine et je découvre l'état de l'eau en même temps que mes enfants,
            les pieds dedans.

            Une question : est-ce que le fichier dira aussi quand une mesure n'a pas pu être faite ? L'été dernier, la station
            du vieux moulin est restée muette sept semaines, et personne ne savait si c'était la sonde ou la rivière.
        """),
        (
            Confirm(ago(36, "18:51")),
            Decide(ago(35, "09:20"), BY_INES),
            Correct(
                ago(2, "20:05"),
                typed("""
                    Bonne nouvelle ! J'habite à cent mètres de la Sourdine et je découvre l'état de l'eau en même temps que mes
                    enfants, les pieds dedans.

                    Une question : est-ce que le fichier dira aussi quand une mesure n'a pas pu être faite ? L'été dernier, la
                    station du vieux moulin est restée muette sept semaines, et personne ne savait si c'était la sonde ou la
                    rivière.

                    Mise à jour : depuis le mois dernier la page affiche « hors service » pour cette station, avec la date.
                    Merci. Il manque encore la raison de la panne.
                """),
            ),
        ),
    ),
    Story(
        1,
        THEO,
        None,
        ago(30, "07:58"),
        typed("""
            Je tiens un petit club de canoë. Publier le lundi avant midi, c'est bien pour les agents, mais nos sorties sont le
            week-end : avec un relevé du mercredi, le samedi il a trois jours. Serait-il possible de publier dès que la mesure
            est validée, sans attendre le lundi ?
        """),
        (Confirm(ago(30, "08:10")), Decide(ago(29, "14:03"), BY_YANN)),
    ),
    Story(
        1,
        "pont.neuf@exemple.test",
        "Le pêcheur du pont neuf",
        ago(24, "21:17"),
        typed("""
            Trente ans que je note le niveau de l'eau dans un carnet, tous les dimanches, au même endroit. Si ça peut servir à
            reconstituer les années d'avant 2019, je le prête volontiers. A qui s'adresser ?
        """),
        (Confirm(ago(23, "06:30")), Decide(ago(22, "10:41"), BY_INES)),
    ),
    Story(
        1,
        "rosalie.tournebride@exemple.test",
        "Rosalie, maraîchère",
        ago(15, "12:26"),
        typed("""
            Pour arroser, j'ai besoin de savoir deux choses :
            - ai-je le droit aujourd'hui ;
            - quand est-ce que ce sera réexaminé.

            La première est sur la page, la deuxième jamais. Pourtant elle est écrite noir sur blanc dans l'engagement. Les dix
            stations pilotes devaient l'afficher dès mars.
        """),
        (Confirm(ago(15, "12:31")), Decide(ago(14, "16:12"), BY_YANN)),
    ),
    Story(
        5,
        "un.dossier.bloque@exemple.test",
        None,
        ago(33, "23:04"),
        typed("""
            J'ai signalé en janvier qu'un de mes enfants n'était pas compté. J'ai bien reçu un numéro de suivi le jour même,
            puis plus rien pendant quatre mois. Quand j'appelle, on me répond que le délai de dix jours ne court qu'à partir de
            "la prise en charge". Ce n'est pas ce que dit l'engagement.
        """),
        (Confirm(ago(33, "23:09")), Decide(ago(32, "11:37"), BY_INES)),
    ),
    Story(
        5,
        "mireille.et.jo@exemple.test",
        "Mireille et Jo",
        ago(21, "10:15"),
        typed("""
            Chez nous ça a marché : erreur signalée un mardi, reconnue le vendredi de la semaine suivante, versement un mois
            après. Merci de le dire aussi quand ça marche. En revanche il a fallu renvoyer le livret de famille, qu'ils avaient
            déjà.
        """),
        (
            Confirm(ago(21, "10:22")),
            Decide(ago(20, "09:05"), BY_YANN),
            Correct(
                ago(13, "19:48"),
                typed("""
                    Chez nous ça a marché : erreur signalée un mardi, reconnue le vendredi de la semaine suivante, versement un
                    mois après. Merci de le dire aussi quand ça marche. Demandez Sandrine au guichet 4, poste 12 77, et dites
                    que vous venez de notre part !
                """),
            ),
            refused(
                ago(12, "10:30"),
                BY_INES,
                Ground.PERSONAL_DATA,
                "La dernière phrase désigne une agente par son prénom, son guichet et son poste. Le reste peut être publié.",
            ),
        ),
    ),
    Story(
        6,
        "la.plume.du.guichet@exemple.test",
        "Une agente de guichet",
        ago(27, "13:09"),
        typed("""
            Je travaille dans une maison des démarches. Le courrier qui amène le plus de monde au guichet n'est pas le plus
            compliqué, c'est le plus court : "Votre dossier est incomplet." Incomplet de quoi ? Commencez par celui-là, s'il
            vous plaît.
        """),
        (Confirm(ago(27, "13:20")), Decide(ago(26, "15:44"), BY_INES)),
    ),
    Story(
        2,
        "balade.en.lisiere@exemple.test",
        "Armel",
        ago(19, "22:31"),
        "La promenade publique, c'est très bien, mais pas un mardi matin.",
        (
            Confirm(ago(19, "22:40")),
            Correct(
                ago(18, "07:12"),
                typed("""
                    La promenade publique, c'est très bien, mais pas un mardi matin. Celle de notre forêt était annoncée cinq
                    jours avant, en semaine, à 9 heures : nous étions trois habitants pour sept agents. Un samedi, annoncé un
                    mois avant, aurait changé la discussion.
                """),
            ),
            Decide(ago(17, "11:00"), BY_YANN),
        ),
    ),
    Story(
        4,
        "haie.du.chemin.creux@exemple.test",
        None,
        ago(11, "17:53"),
        typed("""
            Dans ma commune le tableau annonce 1 200 mètres de haies plantées. J'en ai compté 700, à pied, dimanche. Je ne dis
            pas que quelqu'un ment : peut-être que le reste n'a pas survécu. Mais alors il faut une colonne "encore vivant",
            c'est celle que tout le monde attend.
        """),
        (Confirm(ago(11, "18:04")), Decide(ago(10, "09:48"), BY_INES)),
    ),
    Story(
        10,
        "tresoriere@exemple.test",
        "La trésorière d'une association de douze personnes",
        ago(26, "20:20"),
        typed("""
            Nous recevons 1 400 euros par an. Le compte rendu demandé fait onze pages. Pourriez-vous prévoir une version courte
            pour les petites sommes ?
        """),
        (
            Confirm(ago(26, "20:34")),
            Decide(ago(25, "10:10"), BY_YANN),
            Correct(
                ago(9, "21:02"),
                typed("""
                    Nous recevons 1 400 euros par an. Le compte rendu demandé fait onze pages, le même que pour 140 000 euros.
                    Pourriez-vous prévoir une version courte en dessous de 5 000 euros ? Sinon les petites associations
                    renonceront, et le registre n'aura que les grandes.
                """),
            ),
            Decide(ago(8, "14:25"), BY_INES),
        ),
    ),
    Story(
        12,
        "pourquoi.moi@exemple.test",
        "Hyacinthe",
        ago(7, "08:47"),
        typed("""
            Ma demande a été "sélectionnée pour contrôle". Par qui, par quoi ? Si c'est un tirage au sort, qu'on le dise. Si
            c'est un score, je voudrais connaître les trois éléments qui ont compté, comme promis ici. Et surtout savoir à qui
            parler.
        """),
        (Confirm(ago(7, "09:00")), Decide(ago(6, "16:36"), BY_YANN)),
    ),
)

REFUSED = (
    Story(
        5,
        "ras.le.bol@exemple.test",
        "RAS LE BOL",
        ago(28, "00:41"),
        typed("""
            Bande d'incapables !!! Les guichetiers de la caisse du centre sont des fainéants et des menteurs, il faudrait tous
            les mettre dehors à coups de pied. DIX JOURS MON OEIL.
        """),
        (
            Confirm(ago(28, "00:43")),
            refused(
                ago(27, "09:31"),
                BY_YANN,
                Ground.INSULT,
                "Le texte traite tous les agents d'une caisse de « fainéants » et de « menteurs » et appelle à les frapper. "
                "Le dépassement du délai, lui, peut être raconté : n'hésitez pas à l'écrire sans ces mots.",
            ),
        ),
    ),
    Story(
        7,
        "promo@exemple.test",
        "DémarchesMalin Conseil",
        ago(16, "04:12"),
        typed("""
            Marre d'attendre ? Nos experts font vos démarches à votre place en 24 h, à partir de 39,90 euros seulement ! 10 % de
            remise avec le code CITOYEN. https://demarches-malin.exemple.test/offre?code=CITOYEN
        """),
        (
            Confirm(ago(16, "04:12")),
            refused(
                ago(15, "10:05"),
                BY_INES,
                Ground.ADVERTISING,
                "Le texte propose un service payant, avec un prix, un code de remise et un lien d'achat. "
                "Il ne dit rien de l'annuaire des lieux d'aide.",
            ),
        ),
    ),
    Story(
        8,
        NOUR,
        "Nour V.",
        ago(14, "19:30"),
        typed("""
            J'étais du jury d'essai. Très bonne expérience, mais le dossier n° 2 qu'on nous a montré n'était pas vraiment
            anonyme : c'est celui de Mme Ombeline Tafaréoux, 14 rue des Trois-Fontaines, que tout le quartier connaît, et qui
            attend son allocation à cause de sa maladie.
        """),
        (
            Confirm(ago(14, "19:36")),
            refused(
                ago(13, "11:18"),
                BY_YANN,
                Ground.PERSONAL_DATA,
                "Le texte donne le nom, l'adresse et l'état de santé d'une autre personne. "
                "Le défaut d'anonymat que vous signalez est important : écrivez-le de nouveau sans dire de qui il s'agit.",
            ),
        ),
    ),
    Story(
        3,
        "place.du.marche@exemple.test",
        "Un commerçant",
        ago(12, "15:55"),
        typed("""
            Et les places de parking supprimées devant mon magasin, on en parle ? Trois ans que j'écris à la mairie. Rendez-nous
            les huit places de la rue haute avant de vous occuper des lieux frais.
        """),
        (
            Confirm(ago(12, "16:01")),
            refused(
                ago(11, "10:22"),
                BY_INES,
                Ground.OFF_TOPIC,
                "Le texte porte sur le stationnement dans une rue, qui relève d'une commune, et non sur la liste des lieux frais.",
            ),
        ),
    ),
)

WITHDRAWN = (
    Story(
        3,
        THEO,
        None,
        ago(22, "16:08"),
        typed("""
            La bibliothèque de mon quartier est indiquée ouverte jusqu'à 22 heures les jours d'alerte. J'y suis allé hier :
            fermée à 18 heures, comme d'habitude.
        """),
        (Confirm(ago(22, "16:15")), Decide(ago(21, "09:40"), BY_YANN), Withdraw(ago(19, "18:00"))),
    ),
    Story(
        11,
        "calcul.mental@exemple.test",
        "Anselme",
        ago(9, "11:33"),
        typed("""
            Le simulateur du logement me donne 212 euros, la caisse 187. J'ai refait le calcul à la main : c'est le simulateur
            qui a raison.
        """),
        (Confirm(ago(9, "11:36")), Withdraw(ago(9, "13:02"))),
    ),
)

STORIES = PUBLISHED + REFUSED + WITHDRAWN + WAITING + UNCONFIRMED
