"""The words around a number by their role in the grammar, in the languages of CRMs, without marks."""

from __future__ import annotations

from typing import Final

from icp_sync.vocabulary.text_keys import fold

UNDER, UP_TO, OVER, AT_LEAST, FROM = "<", "l", ">", "g", "f"
"""Bounds before a number: below it, no more than it, above it, no less than it; the last opens a range as well."""
OR_LESS, OR_MORE, LESS, MORE = "m", "M", "U", "O"
"""Bounds behind it: it or less, it or more, below it, above it."""
NOT, BETWEEN, OUT_OF, TO, AND, NOTHING = "!", "b", "v", "j", "d", " "
"""A negation, what opens a range, what joins its ends, and words that leave a number as it is."""

_SMALLER: Final = (
    "less than|less then|fewer than|fewer then|lower than|smaller than|under|below|<|weniger als|unter"
    "|kleiner als|geringer als|moins de|moins que|inferieur a|inferieure a|menos de|menos que|menor que|menor de"
    "|menor a|inferior a|por debajo de|debajo de|abaixo de|meno di|inferiore a|sotto i|sotto|minder dan|lager dan"
    "|kleiner dan|onder|farre an|mindre an|lagre an|mindre enn|faerre enn|færre enn|mindre end|færre end"
    "|mniej niz|ponizej|mene nez|pod|menej ako|менее чем|менее|меньше чем|меньше|ниже|少于|低于|不到|不足|duoi|it hon"
    "|kevesebb mint|mai putin de|sub"
)
_NO_MORE: Final = (
    "up to|upto|at most|less than or equal to|max|maximum|maximum of|a maximum of|maximal|maximaal|hochstens"
    "|bis zu|bis|jusqu'a|jusque|au plus|au maximum|hasta|como maximo|maximo|a lo sumo|ate|no maximo|fino a"
    "|al massimo|massimo|tot|tot en met|hoogstens|ten hoogste|upp till|hogst|op til|hojst|højst|opp til|do|maks"
    "|maksymalnie|najwyzej|nejvyse|maximalne|до|максимум|<=|≤|最多|最大|至多|len den|toi da|en fazla|enintaan"
    "|legfeljebb|pana la|maks"
)
_BIGGER: Final = (
    "more than|more then|greater than|bigger than|larger than|higher than|over|above|exceeding|exceeds|beyond"
    "|north of|in excess of|>|mehr als|uber|ueber|großer als|grosser als|oberhalb|plus de|plus que|superieur a"
    "|superieure a|au-dela de|au dela de|mas de|mas que|mayor que|mayor de|mayor a|superior a|por encima de"
    "|mais de|mais que|acima de|maior que|maior do que|piu di|oltre i|oltre|superiore a|sopra i|sopra|maggiore di"
    "|meer dan|boven|groter dan|hoger dan|fler an|mer an|over|flere end|mere end|flere enn|mer enn|ponad"
    "|wiecej niz|powyzej|pres|vice nez|nad|viac ako|более чем|более|больше чем|больше|свыше|выше"
    "|超过|超過|超|逾|多于|大于|高于|tren|hon|yli|enemman kuin|tobb mint|peste"
)
_NO_LESS: Final = (
    "at least|min|minimum|minimum of|a minimum of|minimal|minimaal|upwards of|greater than or equal to"
    "|more than or equal to|mindestens|wenigstens|au moins|au minimum|al menos|por lo menos|como minimo|minimo"
    "|pelo menos|no minimo|almeno|ten minste|tenminste|minstens|minst|atminstone|mindst|co najmniej|przynajmniej"
    "|nejmene|alespon|минимум|как минимум|>=|≥|至少|最少|最低|toi thieu|it nhat|en az|vahintaan|legalabb|cel putin"
)
_PHRASES_BEFORE: Final = {
    UNDER: _SMALLER,
    UP_TO: _NO_MORE,
    OVER: _BIGGER,
    AT_LEAST: _NO_LESS,
    NOT: "not|no|nicht|kein|keine|pas|non|nao|niet|inte|ikke|nie|ne|не|不|khong",
    BETWEEN: "between|zwischen|entre|tra|fra i|tussen|mellan|mellem|mellom|pomiedzy|miedzy|mezi|между|в пределах",
    FROM: "from|starting at|starting from|ab|a partir de|des|desde|a partire da|vanaf|fran|fra|od|от",
    OUT_OF: "von|de|da|dal|dai|van|从|自",
    "-": "-",
    NOTHING: "c|appr|rd|ok",
}
_PHRASES_AFTER: Final = {
    OR_MORE: (
        "+|plus|and plus|et plus|ou plus|et +|or more|and more|or above|and above|or over|and over|or greater"
        "|and up|or up|and upwards|or higher|or bigger|or larger|min|minimum|und mehr|oder mehr|u. mehr"
        "|und daruber|oder daruber|und großer|aufwarts|et au-dela|y mas|o mas|e mais|ou mais|en adelante"
        "|o superior|e oltre|o piu|e piu|ed oltre|in su|en meer|of meer|och mer|och fler|och over|och uppat"
        "|eller fler|eller mer|og flere|og over|og mere|eller flere|eller mere|eller mer|i wiecej|lub wiecej"
        "|i powyzej|a vice|nebo vice|a viac|и более|и больше|и выше|или более|или больше|以上|及以上|或以上|或更多|이상"
        "|tro len|ve uzeri|ve ustu|tai enemman|vagy tobb|sau mai mult"
    ),
    OR_LESS: (
        "or less|or fewer|and fewer|and less|or below|and below|or under|and under|or lower|and lower|or smaller"
        "|max|maximum|und weniger|oder weniger|und darunter|et moins|ou moins|y menos|o menos|e menos|ou menos"
        "|e meno|o meno|en minder|of minder|och farre|eller farre|eller mindre|og færre|eller færre|i mniej"
        "|lub mniej|a mene|nebo mene|и менее|и меньше|или менее|или меньше"
        "|以下|及以下|或以下|以内|以內|之内|이하|이내|tro xuong|ve alti|tai vahemman"
    ),
    LESS: "未満|未满|未滿|미만",
    MORE: "超|초과",
    TO: (
        "-|to|till|until|through|bis|a|hasta|ate|tot|tot en met|til|till|do|до|по|to|~|至|到|から|do|den|pana la|al"
        "|ad|thru"
    ),
    AND: "and|und|et|y|e|en|och|og|i|и|和|ja|va",
}
_BESIDE: Final = (
    "employee|employees|emp|emps|empl|people|persons|person|pers|staff|headcount|head count|workers|fte|ftes|hc"
    "|team|members|member|full time|full-time|worldwide|globally|number of employees|no. of employees"
    "|company size|size|workforce|mitarbeiter|mitarbeitende|mitarbeitenden|mitarbeiterinnen|mitarbeitern"
    "|mitarbeiterzahl|beschaftigte|beschaftigten|angestellte|ma|personen|salaries|salarie|employes|employe"
    "|collaborateurs|personnes|effectif|effectifs|empleados|empleado|trabajadores|personas|funcionarios"
    "|funcionario|colaboradores|empregados|pessoas|dipendenti|addetti|persone|collaboratori|medewerkers"
    "|werknemers|personen|mensen|anstallda|medarbetare|personer|ansatte|medarbejdere|pracownikow|pracownicy|osob"
    "|osoby|zamestnancu|zamestnanci|lidi|zamestnancov|tyontekijaa|henkiloa|henkilosto|сотрудников|сотрудника"
    "|сотрудник|человек|чел|работников|людей|alkalmazott|fo|angajati|calisan|kisi|nhan vien|nguoi|karyawan|orang"
    "|موظف|موظفا|موظفين|עובדים|εργαζομενοι|ατομα|名|人|社員|従業員|従業員数|社員数|人员|人員|员工|員工|员工数|员工人数|位|명|직원|직원수|사원|인|者|程度|左右"
    "|about|around|approx|approximately|approximate|roughly|nearly|almost|circa|ca|cca|etwa|rund|zirka|ungefahr"
    "|env|environ|approximativement|unos|unas|aproximadamente|aprox|alrededor de|cerca de|por volta de|circa"
    "|intorno a|ongeveer|ongev|ungef|ungefar|ung|omkring|cirka|okolo|około|priblizne|около|примерно|ок|約|约|大约|大約"
    "|약|khoang|yaklasik|noin|kb|aproximativ|~|≈|±|+/-|revenue|revenues|annual|sales|turnover|arr|umsatz"
    "|jahresumsatz|chiffre d'affaires|ca|ingresos|facturacion|faturamento|receita|fatturato|ricavi|omzet"
    "|omsattning|omsætning|przychody|obrat|выручка|оборот|売上|売上高|年商|营收|营业额|年营业额|매출|매출액|in|of|the|total|company"
    "|entre|annually|yearly|per year|per annum|a year|p.a|/ year|/year|/yr|/ yr|pro jahr|/jahr|jahrlich|par an"
    "|/an|annuel|annuels|annuelle|al ano|por ano|ao ano|anual|anuales|anuais|all'anno|annui|per jaar|per ar"
    "|om aret|rocznie|rocne|в год|годовых|год|/年"
)
_LINKS: Final = "de|d'|di|des|du|of|af|av|von|do"
"""Between a unit and its currency: `10 millions d'euros`."""
_MONEY: Final = (
    "usd|eur|gbp|chf|sek|nok|dkk|isk|pln|czk|huf|aud|cad|nzd|jpy|cny|rmb|krw|inr|hkd|sgd|twd|thb|idr|myr|php|vnd"
    "|brl|mxn|ars|clp|cop|pen|zar|ngn|kes|egp|try|rub|uah|ils|aed|sar|qar|ron|bgn|euro|euros|euroa|dollar|dollars"
    "|dolar|dolares|dolarow|dollari|pounds|sterling|rupees|rupien|yen|yuan|won|francs|franken|kronor|kroner|kr|kc"
    "|zl|zlotych|ft|forint|lei|tl|lira|reais|pesos|rs|re|руб|рублей|рубля|р|долларов|долл|доллара|евро|грн|гривен"
    "|円|圓|元|人民币|美元|美金|欧元|日元|港元|ドル|ユーロ|원|달러|dong|đong|ريال|درهم|دولار|يورو|דולר|שקל|ευρω"
)
_SIGNS: Final = r"(?:us|ca|au|nz|hk|nt|mx|[acsr])?[$€£¥₹₩₽₺₴₫₪฿₱₦₸]"

_POWERS: Final = {
    3: "k thousand thousands",
    5: "lakh lakhs lac lacs लाख",
    6: "m mm mn mln mill million millions",
    7: "crore crores cr crs करोड़",
    9: "b bn bln bil billion billions",
    12: "tn trn tril trillion trillions",
}
# Words of languages that write 1,5 for one and a half: beside them "1,500" and "1.500" have two meanings.
_COMMA_POWERS: Final = {
    3: (
        "tsd tausend duizend tusen tusind mila tys tysiecy tysiace tis tisic tisice тыс тысяч тысячи тысяча тис"
        " nghin ngan tuhatta ezer ribu bin χιλ χιλιαδες"
    ),
    6: (
        "mil. mi mio millionen millones millon milhoes milhao milioni milione miljoen miljoner miljon milj mkr"
        " millioner milionow miliona miliony milionu milion milioane miljoonaa млн миллион миллионов миллиона"
        " мильйонів мільйонів trieu juta jt millio milyon εκατ εκατομμυρια εκατομμυριο مليون ملايين מיליון ล้าน"
    ),
    9: (
        "mrd mrds mld mlds md mds mdr mia milliarde milliarden milliard milliards miliardi miliardo miljard"
        " miljarder miljardia milliarder miliardow miliarda miliardy miliardu miliard milliárd miliar milyar bi"
        " bilhoes bilhao ty ti млрд миллиард миллиардов миллиарда мільярдів δισ δισεκατομμυρια مليار מיליארד"
    ),
    12: "billones trilhoes triliun trilyon трлн триллионов",
}
ENGLISH_UNITS: Final = dict.fromkeys(("m", "mm", "mn", "mln", "mill"), "million") | {"k": "thousand"}
"""Units that many languages share, which do not tell what a point is, and their names in English, which do."""
_LONG_POWERS: Final = {9: "mil millones|mil milhoes|thousand million"}
_MYRIADS: Final = {
    3: "千 천",
    4: "万 萬 만",
    6: "百万 百萬 백만",
    7: "千万 千萬 천만",
    8: "億 亿 억",
    9: "十億 十亿 십억",
    12: "兆 조",
}
_PREFIXES: Final = {"t": 3, "k": 3, "m": 6, "mn": 6, "mio": 6, "md": 9, "mrd": 9, "mia": 9, "bn": 9}
"""Units glued to their currency: `50 MUSD`, `TEUR 10.000`."""
_GLUED: Final = "usd eur gbp chf sek nok dkk isk pln czk huf aud cad inr jpy cny kr"


def _role_by_phrase(roles: dict[str, str]) -> dict[str, str]:
    return {fold(phrase): role for role, phrases in roles.items() for phrase in phrases.split("|")}


def _power_by_word(powers: dict[int, str]) -> dict[str, int]:
    return {fold(word): power for power, words in powers.items() for word in words.split()}


_IGNORED: Final = dict.fromkeys(map(fold, f"{_BESIDE}|{_MONEY}".split("|")), NOTHING)
BEFORE: Final = _IGNORED | _role_by_phrase(_PHRASES_BEFORE)
"""Phrase → role before any number."""
AFTER: Final = _IGNORED | dict.fromkeys(_LINKS.split("|"), NOTHING) | _role_by_phrase(_PHRASES_AFTER)
"""Phrase → role after the first number."""
MYRIADS: Final = _power_by_word(_MYRIADS)
"""Powers of ten that may follow one another: `1億2000万`."""
GLUED: Final = {f"{unit}{money}": power for unit, power in _PREFIXES.items() for money in _GLUED.split()} | {"t€": 3}
"""A unit and its currency in one word, before the number or behind it."""
COMMA_UNITS: Final = (
    _power_by_word(_COMMA_POWERS)
    | {fold(phrase): power for power, phrases in _LONG_POWERS.items() for phrase in phrases.split("|")}
    | GLUED
)
UNITS: Final = _power_by_word(_POWERS) | COMMA_UNITS | MYRIADS
"""Every unit's power of ten."""
MONEY_SIGN: Final = _SIGNS
MONEY: Final = frozenset(fold(word) for word in _MONEY.split("|"))
"""Currencies by name or code."""
