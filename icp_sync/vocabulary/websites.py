"""Websites compare by host: `https://www.Example.com/about` and `example.com` are one (design: "Text")."""

from __future__ import annotations

from typing import Final

import polars as pl

_WORDS: Final = frozenset({"domain", "domains", "website", "websites", "homepage"})
_BEFORE_HOST: Final = r"(?i)^\s*(?:[a-z][a-z0-9+.-]*:)?(?://)?(?:[^/?#@\s]*@)?(?:www\d?\.)?"
_AFTER_HOST: Final = r"[/?#:\s].*$|\.+$"
FREE_MAIL_HOSTS: Final = frozenset(
    {
        "126.com", "139.com", "163.com", "189.cn", "abv.bg", "alice.it", "aliyun.com", "aol.com", "aol.de", "arcor.de",
        "att.net", "bellsouth.net", "bigpond.com", "bk.ru", "bluewin.ch", "blueyonder.co.uk", "btinternet.com",
        "charter.net", "comcast.net", "cox.net", "daum.net", "duck.com", "earthlink.net", "email.cz", "email.de",
        "fastmail.com", "foxmail.com", "free.fr", "freenet.de", "gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de",
        "gmx.net", "googlemail.com", "hanmail.net", "hey.com", "hotmail.co.uk", "hotmail.com", "hotmail.de",
        "hotmail.es", "hotmail.fr", "hotmail.it", "hushmail.com", "icloud.com", "inbox.lv", "inbox.ru", "interia.pl",
        "juno.com", "laposte.net", "libero.it", "list.ru", "live.co.uk", "live.com", "live.de", "live.fr", "live.nl",
        "mac.com", "mail.com", "mail.ee", "mail.ru", "mailbox.org", "me.com", "msn.com", "naver.com", "neuf.fr",
        "ntlworld.com", "o2.pl", "onet.pl", "online.de", "optonline.net", "orange.fr", "outlook.com", "outlook.de",
        "outlook.es", "outlook.fr", "outlook.it", "pobox.com", "posteo.de", "proton.me", "protonmail.ch",
        "protonmail.com", "qq.com", "rambler.ru", "rediffmail.com", "rocketmail.com", "sapo.pt", "sbcglobal.net",
        "seznam.cz", "sfr.fr", "shaw.ca", "sina.com", "sky.com", "sohu.com", "sympatico.ca", "t-online.de",
        "talktalk.net", "telenet.be", "terra.com.br", "tiscali.it", "tuta.com", "tuta.io", "tutanota.com",
        "tutanota.de", "ukr.net", "uol.com.br", "verizon.net", "virgilio.it", "virginmedia.com", "vodafone.it",
        "wanadoo.fr", "web.de", "wp.pl", "xtra.co.nz", "yahoo.ca", "yahoo.co.in", "yahoo.co.jp", "yahoo.co.uk",
        "yahoo.com", "yahoo.com.br", "yahoo.de", "yahoo.es", "yahoo.fr", "yahoo.it", "yandex.com", "yandex.ru",
        "yeah.net", "ymail.com", "zoho.com", "zonnet.nl",
    }
)  # fmt: skip
"""Hosts at which anybody has an address: as a company's domain they say nothing of which company it is."""


def is_website_property(property_name: str) -> bool:
    """Whether a property of this name holds hosts. A page (`linkedin_company_page`) is more than its host."""
    return not _WORDS.isdisjoint(property_name.split("_"))


def host_expr(text: pl.Expr) -> pl.Expr:
    """The host in a website's address, without `www.`; null stays null."""
    return text.str.replace(_BEFORE_HOST, "").str.replace(_AFTER_HOST, "").str.to_lowercase()


def company_host(text: pl.Expr) -> pl.Expr:
    """The host that tells a company from others; null where there is none, or one at which anybody has an address."""
    # One expression: a condition on the host and the host beside it would each work it out anew.
    return host_expr(text).replace(["", *FREE_MAIL_HOSTS], None)


def website_host(text: str) -> str:
    """The host of one address."""
    value: str = pl.select(host_expr(pl.lit(text))).item()
    return value
