"""The texts of the demo that wait: for a moderator, or for their author to confirm an address."""

from __future__ import annotations

from feedback_app.demo.people import NOUR, THEO, YANN
from feedback_app.demo.story import Confirm, Correct, Redirect, Story, ago, typed

# What a moderator meets once a week: too long to be read in the queue itself.
LONG = typed("""
    Permettez à une archiviste à la retraite un témoignage un peu long. Je crois qu'il est utile, parce que cet engagement est à
    mes yeux le plus important du plan, et le seul qui n'ait ni étape ni date.

    Pendant vingt-six ans, j'ai tenu le guichet des demandes de documents d'une administration de taille moyenne. Je n'étais ni
    pour ni contre le secret : je cherchais des papiers. Voici ce que j'ai vu.

    D'abord, les demandes se ressemblent. Sur cent personnes qui écrivent, soixante demandent l'une de ces cinq choses : un
    plan, un rapport, une délibération, un marché, un relevé de décisions. Chacune croit être la première. Nous cherchions le
    même rapport dix fois, nous le photocopiions dix fois, nous demandions dix fois l'avis du même service juridique, qui
    répondait dix fois la même chose avec trois semaines d'écart. Un registre public aurait supprimé, à lui seul, la moitié de
    mon travail. Je l'ai proposé en son temps ; on m'a répondu que les gens "allaient s'en servir". C'était bien l'idée.

    Ensuite, le silence n'est presque jamais une décision. Je n'ai connu que deux cas où quelqu'un a voulu cacher quelque chose.
    Dans tous les autres, la demande était arrivée au mauvais service, la personne compétente était en congé, le document
    n'avait pas de titre, ou chacun pensait que l'autre s'en occupait. Un silence que personne n'a décidé, personne ne se sent
    tenu de le rompre. Le jour où il est compté, avec un nom de service en face, quelqu'un décroche son téléphone.

    Enfin, le refus motivé apaise. Les gens acceptent très bien qu'on leur dise non quand on leur dit pourquoi, et jusqu'où.
    J'ai vu des personnes remercier pour un document à moitié noirci, parce qu'une note expliquait chaque passage retiré. J'en
    ai vu d'autres aller au tribunal pour un document sans aucun intérêt, parce qu'on ne leur avait pas répondu.

    De tout cela je tire quelques souhaits pour le registre :

    - que l'objet de la demande soit écrit par la personne, puis relu par un agent, et non réécrit en langue de bois ;
    - que la date d'arrivée soit celle de la réception, pas celle de l'enregistrement : entre les deux, j'ai vu passer onze
    semaines ;
    - que le service compétent soit nommé dès le premier jour, et que les changements restent visibles ;
    - que "sans réponse" soit un état comme un autre, affiché sans honte, avec le nombre de jours ;
    - que le document communiqué soit en ligne à côté de la demande, sous la même adresse, pour toujours ;
    - que l'on puisse s'abonner à une demande sans l'avoir faite : beaucoup de gens attendent la même chose sans le savoir.

    Un mot sur les données personnelles, puisque c'est la raison donnée pour l'absence de calendrier. Elle est sérieuse. L'objet
    d'une demande peut trahir celui qui la fait : "le dossier médical de ma mère", "le permis de construire de mon voisin". Mais
    ces demandes-là ne concernent qu'une personne, et il suffit de ne pas les publier. Il n'y a pas besoin d'attendre deux ans
    pour cela : une case à cocher par l'agent qui enregistre et une relecture chaque semaine suffisent pour commencer. Nous
    l'avons fait dans mon service, sur un cahier, à partir de 1998.

    Je propose donc trois étapes, puisque le plan n'en donne pas :

    - au printemps, les demandes des administrations volontaires, sans les documents ;
    - à l'automne, les documents, avec un bilan public de ce qui a été retiré et pourquoi ;
    - un an plus tard, tout le monde.

    Et une date, même lointaine, même imparfaite. Une promesse sans date, c'est une demande sans réponse.
""")

WAITING = (
    Story(
        3,
        "deux.bancs@exemple.test",
        None,
        ago(3, "14:19"),
        typed("""
            Merci pour la liste imprimée à la pharmacie, ma voisine de 88 ans l'a sur son frigo. Il manque une information toute
            bête : est-ce qu'il y a des bancs ? Un lieu frais où l'on reste debout, elle n'y tient pas cinq minutes.
        """),
        (Confirm(ago(3, "14:27")),),
    ),
    Story(
        6,
        YANN,
        "Yann K.",
        ago(4, "21:36"),
        typed("""
            J'écris ici comme habitant. J'ai reçu le nouveau courrier sur la taxe des étangs : la date limite est en gras et en
            premier, je n'avais jamais vu ça. Il reste "nonobstant" au troisième paragraphe.
        """),
        (Confirm(ago(4, "21:40")),),
    ),
    Story(9, "memoire.longue@exemple.test", "Une archiviste à la retraite", ago(5, "16:44"), LONG, (Confirm(ago(5, "17:20")),)),
    Story(
        11,
        "bobby.tables@exemple.test",
        "<b>Support officiel</b>",
        ago(2, "03:33"),
        typed("""
            <script>alert("coucou")</script> Très utile, merci !!

            Votre aide vous attend : <a
            href="https://aides-officielles.exemple.test/remboursement">www.office-des-registres.test</a> ou bien [cliquez
            ici](javascript:alert(1)) {{ 7 * 7 }} '; DROP TABLE contribution; --
        """),
        (Confirm(ago(2, "03:34")),),
    ),
    Story(
        7,
        THEO,
        None,
        ago(2, "12:02"),
        typed("""
            L'annuaire indique une camionnette le jeudi devant la poste. Elle passe en fait une semaine sur deux, et pas pendant
            les vacances. Les horaires "de la semaine en cours" sont la bonne idée, mais il faudrait que quelqu'un les change
            vraiment chaque semaine.
        """),
        (Confirm(ago(2, "12:09")),),
    ),
    Story(
        8,
        NOUR,
        "Nour V.",
        ago(6, "20:51"),
        "Le dossier montré au jury n'était pas anonyme, il faut faire attention.",
        (
            Confirm(ago(6, "20:55")),
            Correct(
                ago(5, "08:14"),
                typed("""
                    Le jury d'essai a été une très bonne expérience. Un point à corriger avant les suivants : l'un des trois
                    dossiers qu'on nous a montrés n'était pas vraiment anonyme, plusieurs d'entre nous ont reconnu la personne.
                    Il faudrait faire relire les dossiers par quelqu'un du quartier avant de les montrer.
                """),
            ),
        ),
    ),
    Story(
        5,
        "appelez.moi@exemple.test",
        "Lucien",
        ago(1, "09:25"),
        typed("""
            Bonjour, j'ai signalé une erreur d'adresse il y a 23 jours, toujours pas de réponse et mon aide est suspendue
            depuis. Mon numéro de dossier est le 00-FICTIF-42 et on peut me joindre au 01 99 00 12 34 le matin. Merci de faire
            vite, j'ai un loyer à payer.
        """),
        (Confirm(ago(1, "09:31")),),
    ),
)

UNCONFIRMED = (
    Story(
        2,
        "vtt.du.plateau@exemple.test",
        "Les roues libres",
        ago(1, "18:18"),
        typed("""
            Sur la carte des coupes prévues, les chemins fermés ne sont pas dessinés. C'est pourtant ce qui nous concerne tous :
            promeneurs, cavaliers, cyclistes. Une couche de plus sur la carte, et le dialogue commencera mieux.
        """),
    ),
    Story(
        10,
        "theo.brisecomb@exemple.test",
        None,
        ago(1, "20:44"),
        typed("""
            J'ai cherché le club de canoë dans le registre : nous y sommes deux fois, sous deux noms, avec deux montants. Où
            peut-on signaler un doublon ?
        """),
        (Redirect(ago(1, "20:49"), THEO),),
    ),
)
