"""Countries as people type them: right or unknown, never another country."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.vocabulary.country_recognition import country_code
from icp_sync.vocabulary.country_spellings import whole_country_code

RIGHT = {
    "US": "US|us|USA|usa.|U.S.|"
    "U.S.A.|United States.|The United States of America|United States (USA)|America|Untied States",
    "GB": "UK|U.K.|GB|GBR|England|"
    "Scotland|Wales|Northern Ireland|Great Britain|united kingdom|United Kingdom of Great Britain",
    "DE": "DE|de|DEU|Germany|Deutschland|GERMANY |Allemagne|Alemania|德国|Federal Republic of Germany",
    "AT": "Österreich|Oesterreich|Osterreich|Austria|Autriche",
    "CH": "CH|Schweiz|Suisse|Svizzera|Switzerland|Swiss Confederation",
    "ES": "España|Espana|Spain.|Spanien",
    "SE": "Sverige|Sweden|Schweden",
    "NL": "Nederland|The Netherlands|the netherlands|Holland|Netherlands, The",
    "JP": "日本|Japan|Nippon|JPN",
    "CN": "中国|China|PRC|P.R. China|People's Republic of China",
    "RU": "Россия|Russia|Russian Federation",
    "KR": "Korea|South Korea|Korea (South)|Republic of Korea|Korea, Republic of|ROK|대한민국|kr",
    "KP": "North Korea|Korea (North)|DPRK|Korea, Democratic People's Republic of",
    "NA": "NA|na|Namibia",
    "CA": "CA|Canada|Vancouver, Canada",
    "PH": "Philipines|Philippines|Phillipines",
    "GE": "Georgia|GE|Tbilisi, Georgia",
    "CI": "Ivory Coast|Côte d'Ivoire|Cote d'Ivoire",
    "CD": "DRC|Congo, The Democratic Republic of the|Congo (Kinshasa)",
    "IE": "Ireland|Éire|Republic of Ireland|Dublin, Ireland",
    "SG": "Serangoon,North-East Region, Singapore|Singapore",
    "TR": "Turkey|Türkiye|Turkiye",
    "FK": "Falkland Islands|Falkland Islands (Malvinas)",
    "IS": "Iceland|Ísland|Island",
    "NO": "NO|no|Norway|Norge",
    "ST": "Sao Tome & Principe|São Tomé and Príncipe",
    "LA": "Lao People's Dem. Rep.|Laos|LAO",
    "VE": "Venezuela, RB|Venezuela (Bolivarian Republic of)",
    "DZ": "People's Democratic Republic of Algeria|ALG",
    "KM": "Comoros (the)|Union of the Comoros",
    "SS": "South Sudan|S. Sudan",
    "SD": "Sudan (the)",
    "PM": "St. Pierre & Miquelon",
}
MARKED = {
    "US": "Mỹ|Hoa Kỳ|EUA|Bandaríkin|ארצות הברית",
    "BE": "Bỉ|Belgique / België",
    "AT": "Áo|Oostenrijk",
    "IT": "Ý|Itālija",
    "GB": "Grande-Bretagne|Storbritannien|Angleterre|Velká Británie",
    "DE": "Đức|Þýskaland|GER|Ger\u00admany",
}
WITH_A_PLACE = {
    "DE": "Hamburg, DE|Germany - Hamburg|München, Bayern|D-20095 Hamburg|Germany (HQ)|Köln|Germany/Berlin",
    "US": "USA, TX|Georgia (USA)|Boston USA|Seattle WA|United States - Texas|Vienna, VA",
    "GB": "Leeds UK|UK - Wales|Wales (UK)|London|London W1T 1AA|UK, London",
    "CA": "Ontario|Québec|Canada (Alberta)|Toronto, CA|Calgary AB",
    "PR": "Puerto Rico, US|San Juan, Puerto Rico, USA",
    "HK": "China, Hong Kong SAR|Hong Kong, China",
    "XK": "Kosovo, Serbia",
    "SZ": "Eswatini (formerly Swaziland)",
    "AU": "Sydney NSW|Perth, WA",
    "JE": "Jersey, UK",
    "CZ": "Praha|Czechia, Brno",
}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (text, code)
        for known in (RIGHT, MARKED, WITH_A_PLACE)
        for code, texts in known.items()
        for text in texts.split("|")
    ],
)
def test_every_spelling_of_a_country(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "Houston, Texas", "New-York", "NY", "OH", "NY. USA", "Florida[3]", "Washington, D.C.",
        "Atlanta, Georgia", "California", "Lebanon, Tennessee", "Panama City Beach, Florida",
        "Ontario, California", "Palo Alto, CA", "Wilmington, DE", "Cambridge, MA", "Columbus, IN", "Vienna, VA",
        "Columbus, Ohio;Detroit, Michigan",
    ],
)  # fmt: skip
def test_an_american_town_or_state_is_the_united_states(text: str) -> None:
    assert country_code(text) == "US"


@pytest.mark.parametrize(
    "text",
    [
        "", "Remote", "Gori, Georgia", "UK & India", "United Kingdom; Spain",
        "Tokyo/San Francisco", "Barcelona (also UK)", "Remote (USA/EU)", "Germany, France",
        "Germany (formerly Poland)", "EU", "DACH", "man", "Y", "cad",
        "Columbia", "Virgin Islands", "Netherlands Antilles", "Not USA", "Non-EU",
        "US, Canada", "USA Canada", "Niger / Nigeria", "Mexico, Guatemala", "Rest of Europe", "Outside US",
        "Portland",
        "Springfield", "Ontario, CA", "North America", "Mobile", "Reading", "Lebanon, USA", "Niederlande, Berlin",
        "West", "North", "Ouest", "Norte", "Centre", "Coast", "Gulf", "Delta", "Midlands", "Capital Region",
        "Northern Region",
        "#####", "12345",
        "Germany " * 100,
    ],
)  # fmt: skip
def test_what_is_not_certain_is_unknown(text: str) -> None:
    assert country_code(text) is None


@given(st.text())
def test_no_text_is_an_error(text: str) -> None:
    code = country_code(text)

    assert code is None or len(code) == 2


@pytest.mark.parametrize(
    "name", ["England", "Wales", "Texas", "Houston, Texas", "Dubai", "Dublin, Ireland", "Germany, Europe"]
)
def test_a_rule_cannot_name_a_part_of_a_country_for_the_whole(name: str) -> None:
    assert whole_country_code(name) is None
