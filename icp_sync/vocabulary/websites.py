"""Websites compare by host: `https://www.Example.com/about` and `example.com` are one (design: "Text")."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

_WORDS: Final = frozenset({"domain", "domains", "website", "websites", "homepage"})
# What stands before a colon is a scheme only where slashes follow: `example.com:8080` has a port.
_SCHEME: Final = r"https?:/*|mailto:|[a-z][a-z0-9+.-]*://|//"
_BEFORE_HOST: Final = rf"(?i)^\s*(?:{_SCHEME})?(?:[^/?#@\s]*@)?(?:www\d?\.)?"
_AFTER_HOST: Final = r"\.*[/?#:;,\s].*$|\.+$"
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


PAGE_HOSTS: Final = frozenset(
    {
        "beacons.ai", "bio.link", "bit.ly", "business.google.com", "business.site", "docs.google.com",
        "drive.google.com", "facebook.com", "fb.com", "fb.me", "g.page", "goo.gl", "instagram.com", "linkedin.com",
        "linktr.ee", "lnkd.in", "maps.google.com", "ok.ru", "pinterest.com", "sites.google.com", "snapchat.com", "t.me",
        "telegram.me", "threads.com", "threads.net", "tiktok.com", "tinyurl.com", "twitter.com", "vk.com", "wa.me",
        "weibo.com", "whatsapp.com", "wixsite.com", "x.com", "xing.com", "youtu.be", "youtube.com",
    }
)  # fmt: skip
"""Hosts at which anybody has a page: the address tells whose by its path, the host does not."""
_OWN_SUBDOMAINS: Final = frozenset({"business.site", "wixsite.com"})
"""Hosts of which a subdomain is one company's: `acme.business.site`. Others have one for a country or for phones."""
_LABEL: Final = r"[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]*"
_HOST: Final = rf"^(?:{_LABEL}\.)+\p{{L}}[\p{{L}}\p{{M}}\p{{N}}-]+$"
"""A name with a dot in it, which `N/A`, `-` and `none` have not."""
_PAGE: Final = rf"(?:^|\.)(?:{'|'.join(re.escape(host) for host in sorted(PAGE_HOSTS - _OWN_SUBDOMAINS))})$"
"""A host of pages, or a subdomain of one."""


def is_website_property(property_name: str) -> bool:
    """Whether a property of this name holds hosts. A page (`linkedin_company_page`) is more than its host."""
    return not _WORDS.isdisjoint(property_name.split("_"))


def host_expr(text: pl.Expr) -> pl.Expr:
    """The host in a website's address, without `www.`; null stays null."""
    return text.str.replace(_BEFORE_HOST, "").str.replace(_AFTER_HOST, "").str.to_lowercase()


def readable_host(text: pl.Expr) -> pl.Expr:
    """The host in a website's address; null where there is none."""
    return host_expr(text).map_batches(_drop_other_texts, return_dtype=pl.String, is_elementwise=True)


def company_host(text: pl.Expr) -> pl.Expr:
    """The host that tells a company from others; null where there is none, or one where anybody has a page or mail."""
    return readable_host(text).map_batches(_drop_shared_hosts, return_dtype=pl.String, is_elementwise=True)


# Of hosts worked out already: an expression that names a host twice works it out twice, and taking it out of a pattern
# by a group costs ten times what looking for the pattern does.
def _drop_other_texts(hosts: pl.Series) -> pl.Series:
    return pl.select(pl.when(hosts.str.contains(_HOST)).then(hosts)).to_series()


def _drop_shared_hosts(hosts: pl.Series) -> pl.Series:
    own = pl.select(pl.when(~hosts.str.contains(_PAGE)).then(hosts)).to_series()
    return own.replace([*FREE_MAIL_HOSTS, *_OWN_SUBDOMAINS], None)


def website_host(text: str) -> str:
    """The host of one address."""
    value: str = pl.select(host_expr(pl.lit(text))).item()
    return value
