"""Whom agencies hold competent: the body that a refusal names, and agencies that name each other."""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from datetime import date

from pipeline import names
from pipeline.routing import COMMUNE, Recipient, recipient
from pipeline.settings import Settings
from store.models import Referral


def named_body(settings: Settings, name: str, day: date) -> Recipient | None:
    """The agency of that name on that day; None where config.yaml knows none or several."""
    wanted = _folded(name)
    keys = [key for key, known in names.agencies_of(settings, day) if _folded(known) == wanted]
    if not keys:
        keys = [
            f"{COMMUNE}:{code}"
            for code, _ in names.units_of(settings.office.province)
            if (own := recipient(settings, f"{COMMUNE}:{code}", day)) and _folded(own.name) == wanted
        ]
    return recipient(settings, keys[0], day) if len(keys) == 1 else None


def contested(referrals: Iterable[Referral]) -> tuple[str, ...]:
    """Agencies that pass an issue between them: one that has refused it twice, or each naming the next and
    the last the first again. In the order in which they got it; empty where none do."""
    refused = [referral for referral in referrals if referral.state == "refused"]
    known = {_folded(referral.agency_name): referral.agency_name for referral in refused}
    times = Counter(_folded(referral.agency_name) for referral in refused)
    named = {_folded(one.agency_name): _folded(one.proposed_agency or "") for one in refused}
    passing = {agency for agency in known if times[agency] > 1 or _comes_back(agency, named)}
    return tuple(name for agency, name in known.items() if agency in passing)


def contested_in_words(agencies: Iterable[str]) -> str:
    return (
        f"Chưa thống nhất thẩm quyền, vấn đề đã qua lại giữa: {', '.join(agencies)}; "
        "đề nghị ban chỉ đạo quyết định cơ quan chủ trì."
    )


def same_name(one: str, other: str) -> bool:
    return _folded(one) == _folded(other)


def _comes_back(agency: str, named: dict[str, str]) -> bool:
    seen, at = set[str](), named[agency]
    while at in named and at not in seen:
        if at == agency:
            return True
        seen.add(at)
        at = named[at]
    return False


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
