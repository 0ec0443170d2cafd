"""The names of months in the languages CRMs are kept in."""

from __future__ import annotations

from typing import Final

from icp_sync.vocabulary.text_keys import fold

_MONTH_NAMES: Final = (
    "jan january januar janner janvier janv enero ene janeiro gennaio gen januari leden ledna stycznia styczen"
    " sty января январь янв tammikuuta ocak januarie ianuarie січня|feb february februar februari feber fevrier"
    " fevr fev febrero fevereiro febbraio unor unora lutego luty lut февраля февраль фев helmikuuta subat"
    " februarie лютого|mar march marz maerz mrz mars marzo marco maart mrt brezen brezna marca marzec марта март"
    " мар maaliskuuta mart martie березня|apr april avril avr abril abr aprile duben dubna kwietnia kwiecien kwi"
    " апреля апрель апр huhtikuuta nisan aprilie квітня|may mai mayo maio maggio mag mei maj kveten kvetna maja"
    " мая май toukokuuta mayis травня|jun june juni juin junio junho giugno giu cerven cervna czerwca czerwiec"
    " cze июня июнь июн kesakuuta haziran iunie червня|jul july juli juillet juil julio julho luglio lug cervenec"
    " cervence lipca lipiec lip июля июль июл heinakuuta temmuz iulie липня|aug august aout agosto ago augustus"
    " augusti srpen srpna sierpnia sierpien sie августа август авг elokuuta agustos серпня|sep sept september"
    " septembre septiembre setiembre setembro settembre set septembri zari wrzesnia wrzesien wrz сентября"
    " сентябрь сен сент syyskuuta eylul septembrie вересня|oct okt october oktober octobre octubre outubro out"
    " ottobre ott rijen rijna pazdziernika pazdziernik paz октября октябрь окт lokakuuta ekim octombrie жовтня"
    "|nov november novembre noviembre novembro listopad listopadu listopada lis ноября ноябрь ноя marraskuuta"
    " kasim noiembrie листопада|dec dez dic december dezember decembre diciembre dezembro dez dicembre prosinec"
    " prosince grudnia grudzien gru декабря декабрь дек joulukuuta aralik decembrie грудня"
)
MONTHS: Final = {
    fold(name): number for number, names in enumerate(_MONTH_NAMES.split("|"), start=1) for name in names.split()
}
"""Months as people write them, in the languages CRMs are kept in, folded: name → number."""
MONTH: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
"""The pattern of a month's name in a folded text."""
