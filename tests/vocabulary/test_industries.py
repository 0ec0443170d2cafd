"""Industries: HubSpot's values, their labels and other names, and groups of them."""

from __future__ import annotations

import pytest

from icp_sync.vocabulary.aliases_and_groups import read_shipped_csv, split_members
from icp_sync.vocabulary.industries import TRANSLATED
from icp_sync.vocabulary.text_keys import text_key
from icp_sync.vocabulary.vocabulary import SHIPPED
from tests.scoring.profiles import credit_of


@pytest.mark.parametrize(
    ("spelling", "value"),
    [
        ("COMPUTER_SOFTWARE", "computer software"),
        ("Computer Software", "computer software"),
        ("Softwareentwicklung", "computer software"),
        ("Information Technology & Services", "information technology and services"),
        ("INFORMATION_TECHNOLOGY_AND_SERVICES", "information technology and services"),
        ("Oil & Energy", "oil energy"),
        ("Maschinenbau", "machinery"),
        ("Versicherungen", "insurance"),
        ("Hospital & Health Care", "hospital health care"),
    ],
)
def test_a_value_a_label_and_a_german_name_are_one_industry(spelling: str, value: str) -> None:
    assert SHIPPED.canonical_industry(text_key(spelling)) == value


@pytest.mark.parametrize(
    ("value", "spellings"),
    [
        ("insurance", ("Versicherung Versicherungen Versicherer Assurance Assurances Assureur Assureurs Seguro Seguros "
         "Aseguradora Aseguradoras Assicurazione Assicurazioni Verzekering Verzekeringen Verzekeraars")),
        ("banking", "Bank Banken Sparkassen Banque Banques Bancaire Banco Bancos Bancaria Banca Banche Bancario"),
        ("machinery", "Maschinen Maschinenbauer Machine Machines Maquinaria Máquinas Macchina Macchine Machinebouw"),
        ("law practice", ("Anwalt Anwältin Anwälte Kanzleien Rechtsanwältin Avocat Avocate Avocats Avocates Abogado "
         "Abogada Abogados Abogadas Avvocato Avvocati Advocaat Advocaten")),
        ("pharmaceuticals", ("Pharmazeutisch Pharmaceutique Pharmaceutiques Farmacéutico Farmacéutica Farmacéuticas "
         "Farmaceutico Farmaceutiche Farmaceutische")),
        ("hospital health care", ("Klinik Kliniken Spitäler Hôpital Hôpitaux Clinique Cliniques Hospitales Clínicas "
         "Ospedale Ospedali Ziekenhuis Ziekenhuizen")),
        ("computer software", "Softwarehersteller Logiciel Logiciels Softwarebedrijven"),
        ("real estate", "Immobilie Immobilien Immobilier Immobilière Inmobiliario Inmobiliaria Immobiliari Vastgoed"),
        ("construction", "Bauunternehmen Bâtiment Bâtiments Construcción Constructora Costruzioni Edile Edili Bouw"),
        ("manufacturing", ("Hersteller Industrie Industriel Industrielle Industries Fabricants Industria Industrias "
         "Fabricante Fabricantes Manifatturiero Manifatturiera Fabrikant Fabrikanten")),
        ("consulting", "Beratung Beratungen Conseil Conseils Consultoría Consultoras Consulenza Adviesbureaus"),
        ("healthcare", "Gesundheit Santé Médical Médicale Médicaux Sanitario Sanitaria Salud Sanità Gezondheidszorg"),
        ("energy and utilities", "Energie Énergie Énergies Energía Energías Energético Energética Energia"),
    ],
)  # fmt: skip
def test_an_industry_is_found_in_five_languages_in_any_number_and_gender(value: str, spellings: str) -> None:
    names = {spelling: SHIPPED.canonical_industry(text_key(spelling)) for spelling in spellings.split()}
    assert names == dict.fromkeys(spellings.split(), value)


def test_a_translation_means_one_industry_in_all_languages() -> None:
    for row in read_shipped_csv("industry_translations.csv"):
        meant = SHIPPED.canonical_industry(text_key(row["name"]))
        for language in TRANSLATED:
            words = split_members(row[language])
            assert words, (row["name"], language)
            assert {SHIPPED.canonical_industry(text_key(word)) for word in words} == {meant}


def test_every_group_that_ships_has_its_names_in_five_languages() -> None:
    translated = {row["name"] for row in read_shipped_csv("industry_translations.csv")}
    assert {row["name"] for row in read_shipped_csv("industry_groups.csv")} <= translated


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Assurances", "financial services"),
        ("Banque, Assurances", "insurance"),
        ("Avocate", "legal"),
        ("BTP", "construction"),
    ],
)
def test_a_company_is_found_under_it(text: str, name: str) -> None:
    assert credit_of({"is": name}, text) == 1.0


@pytest.mark.parametrize(
    ("group", "value"),
    [
        ("software", "COMPUTER_SOFTWARE"),
        ("Software and Services", "INFORMATION_TECHNOLOGY_AND_SERVICES"),
        ("IT and Software Development", "COMPUTER_SOFTWARE"),
        ("manufacturing", "MACHINERY"),
        ("Manufacturing and Industrial Engineering", "MECHANICAL_OR_INDUSTRIAL_ENGINEERING"),
        ("Production", "AUTOMOTIVE"),
        ("financial services", "BANKING"),
        ("Financial Services and Banking", "INSURANCE"),
        ("consulting", "MANAGEMENT_CONSULTING"),
        ("healthcare", "MEDICAL_DEVICES"),
        ("education", "E_LEARNING"),
        ("media", "PUBLISHING"),
        ("energy", "UTILITIES"),
        ("government", "GOVERNMENT_ADMINISTRATION"),
    ],
)
def test_a_group_holds_its_values(group: str, value: str) -> None:
    assert text_key(value) in SHIPPED.covered_industry_keys(group)


def test_a_name_as_hubspot_stores_it_is_that_one_value_though_a_group_has_the_name() -> None:
    assert SHIPPED.covered_industry_keys("FINANCIAL_SERVICES") == {"financial services"}
    assert SHIPPED.covered_industry_keys("Financial Services") > {"financial services", "banking"}


def test_an_unknown_name_is_taken_literally() -> None:
    assert SHIPPED.covered_industry_keys("ZORG_HERDING") == {"zorg herding"}


def test_every_value_of_hubspot_is_there_once_and_known_by_value_and_label() -> None:
    table = read_shipped_csv("industries.csv")

    assert len({row["name"] for row in table}) == len(table) == 147
    assert {SHIPPED.canonical_industry(text_key(row["label"])) for row in table} == {
        text_key(row["name"]) for row in table
    }


def test_no_spelling_in_the_table_is_given_to_two_values() -> None:
    given: dict[str, set[str]] = {}
    for row in read_shipped_csv("industries.csv"):
        for spelling in (row["name"], row["label"], *split_members(row["aliases"])):
            given.setdefault(text_key(spelling), set()).add(row["name"])

    assert {spelling: names for spelling, names in given.items() if len(names) > 1} == {}
