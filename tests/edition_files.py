"""Small editions in the two published formats, as files: the figures and names are ours."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

Files = dict[str, bytes]

INDICATORS = "metadata/meta_indicateurs.csv"
DATA = "data/ind-001.csv"
UNITS = "config-viz.yml"
NATIONAL = "barometre-resultats-synthese-national.csv"
REGIONAL = "barometre-resultats-synthese-regional.csv"
DEPARTMENTAL = "barometre-resultats-synthese-departemental.csv"
DETAIL = "barometre-resultats-detail-national.csv"


def archive(files: Files) -> bytes:
    """The files in a zip archive, as somebody sends them."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as into:
        for name, content in files.items():
            into.writestr(name, content)
    return made.getvalue()


def by_indicator() -> Files:
    """The format of 2024: one indicator, three territories."""
    return _encoded(
        {
            INDICATORS: """
                indic_id,indic_parent_ch,indic_nom,indic_nom_baro,indic_descr,indic_descr_baro,tendance
                IND-001,CH-001,,"Guichets ouverts, le soir ",,Guichets ouverts après 18 heures,hausse
            """,
            "metadata/meta_chantiers.csv": """
                chantier_id,ch_nom,engagement_short
                CH-001,Ouvrir les guichets,PROGRES
            """,
            "metadata/meta_engagement.csv": """
                engagement_id,engagement_short,engagement_name
                1,PROGRES,Refonder les services publics
                0,TODO,Engagement non précisé
            """,
            UNITS: """
                indicateurs:
                  - id: IND-001
                    tendance: hausse
                    unite: guichets
                    unite_courte: guichets
                    thematique: Services
                    verbe_action: Ouvrir
                chantiers: []
            """,
            DATA: """
                indic_id,enforce_zone_id,metric_enforce_date,maille,indic_vi,indic_va,indic_vc,indic_ta
                IND-001,FRANCE,2022-12-31,NAT,10.0,,,
                IND-001,FRANCE,2025-06-30,NAT,,12.50,,
                IND-001,FRANCE,2025-12-31,NAT,,15.0,,50.0
                IND-001,FRANCE,2027-12-31,NAT,,,20.0,
                IND-001,R84,2025-12-31,REG,,3.0,,
                IND-001,D84,,DEPT,,,,
                IND-001,D84,2025-12-31,DEPT,,1.0,,
            """,
        }
    )


FIRST = "15.0,2025-12-31,10.0,2022-12-31,5.0,14.0,20.0,50.0,2027-12-31,guichets"
SYNTHESIS = (
    "valeur_actuelle,date_valeur_actuelle,valeur_initiale,date_valeur_initiale,progression,progression_derniere_maj,"
    "cible,pourcentage_cible,date_cible,unite"
)


def by_synthesis() -> Files:
    """The format of 2021 to 2023: two indicators, a detail file."""
    return _encoded(
        {
            NATIONAL: f"""
                mesure,indicateur,id_indicateur,maille_geographique,{SYNTHESIS}
                "Ouvrir, enfin, les guichets ",Guichets ouverts,nb-guichets,national,{FIRST}
                Répondre vite,Délai de réponse,delai-reponse,national,30.0,2025-12-31,,,,,,,,jours
            """,
            REGIONAL: f"""
                mesure,indicateur,id_indicateur,code_region,libelle_region,{SYNTHESIS}
                "Ouvrir, enfin, les guichets ",Guichets ouverts,nb-guichets,84,Auvergne-Rhône-Alpes,3.0,2025-12-31,2.0,,1.0,,,,,guichets
            """,
            DEPARTMENTAL: f"""
                mesure,indicateur,id_indicateur,code_departement,libelle_departement,{SYNTHESIS}
                "Ouvrir, enfin, les guichets ",Guichets ouverts,nb-guichets,84,Vaucluse,1.0,2025-12-31,,,,,2.0,,2027-12-31,guichets
            """,
            DETAIL: """
                mesure,indicateur,id_indicateur,maille_geographique,date,valeur,unite
                "Ouvrir, enfin, les guichets ",Guichets ouverts,nb-guichets,national,2025-11-30,1.0,guichets
                "Ouvrir, enfin, les guichets ",Guichets ouverts,nb-guichets,national,2025-12-31,2.0,guichets
            """,
        }
    )


def _encoded(texts: dict[str, str]) -> Files:
    return {name: _dedented(text).encode() for name, text in texts.items()}


def _dedented(text: str) -> str:
    lines = text.strip("\n").splitlines()[: -1 if not text.splitlines()[-1].strip() else None]
    margin = len(lines[0]) - len(lines[0].lstrip())
    return "".join(f"{line[margin:]}\n" for line in lines)


def changed(files: Files, name: str, old: str, new: str) -> Files:
    """The same files with one text replaced in one of them."""
    before = files[name].decode()
    assert old in before
    return {**files, name: before.replace(old, new).encode()}
