"""How dates, times and numbers are written for Vietnamese readers."""

from datetime import date, datetime

from pipeline.clock import local

_POINTS = str.maketrans(",.", ".,")


def vn_date(day: date) -> str:
    """22/11/2026; of a moment, the local day"""
    day = local(day) if isinstance(day, datetime) else day
    return f"{day.day:02}/{day.month:02}/{day.year}"


def vn_day_month(day: date) -> str:
    """22/11"""
    return f"{day.day:02}/{day.month:02}"


def vn_time(moment: datetime) -> str:
    """14:05"""
    at = local(moment)
    return f"{at.hour:02}:{at.minute:02}"


def vn_datetime(moment: datetime) -> str:
    """14:05 ngày 22/11/2026"""
    return f"{vn_time(moment)} ngày {vn_date(moment)}"


def vn_short_datetime(moment: datetime) -> str:
    """14:05 22/11"""
    return f"{vn_time(moment)} {vn_day_month(local(moment))}"


def date_in_words(day: date) -> str:
    """ngày 05 tháng 02 năm 2026

    A day below 10 and the months 1 and 2 bear a zero (NĐ 30/2020, phụ lục I, phần II, mục 4).
    """
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def vn_number(number: float, decimals: int = 0) -> str:
    """1.234,5: points between thousands, a comma before decimals"""
    return f"{number:,.{decimals}f}".translate(_POINTS)


def vn_change(number: float) -> str:
    """+3, −1.234 (with the sign for minus, not a hyphen), +0,5, 0"""
    decimals = 1 if isinstance(number, float) else 0
    return f"{'−' if number < 0 else '+'}{vn_number(abs(number), decimals)}" if number else "0"


def vn_ratio(part: int, whole: int) -> str:
    """3/4 (75%); a dash where there is nothing to divide"""
    return f"{part}/{whole} ({vn_number(100 * part / whole)}%)" if whole else "–"


def unit_in_sentence(full_name: str) -> str:
    """ "Phường Ba Đình" as it stands inside a sentence: "phường Ba Đình".

    The common noun keeps its capital before a number or a person's name that is the unit's own
    (NĐ 30/2020, phụ lục II, phần III, mục 1).
    """
    kept = full_name.endswith("Hồ Chí Minh") or full_name[-1:].isdigit()
    return full_name if kept else full_name[:1].lower() + full_name[1:]
