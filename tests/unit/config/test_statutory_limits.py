"""Each statutory limit of the shipped offices, counted by hand for one day of its trigger."""

from pathlib import Path

import pytest

from pipeline.calendar import WorkingCalendar
from pipeline.clocks import statutory_deadline
from pipeline.config import load_settings
from tests.office import at

ROOT = Path(__file__).parents[3]
HANOI = ROOT / "config.yaml"
LAM_DONG = ROOT / "examples" / "lam-dong" / "config.yaml"
NIGHT = "23:59:59"

CASES = {
    HANOI: [
        ("bao-chi-yeu-cau-tra-loi", "2026-10-22 09:00", f"2026-11-23 {NIGHT}"),  # 21/11 is a Saturday
        ("bao-chi-yeu-cau-tra-loi", "2026-10-25 09:00", f"2026-11-25 {NIGHT}"),  # 24/11
        ("bao-chi-chuyen-phan-anh", "2026-11-05 16:59", f"2026-11-27 {NIGHT}"),  # across 24/11
        ("bao-chi-chuyen-khieu-to", "2026-02-12 09:00", f"2026-02-26 {NIGHT}"),  # across Tết 2026
        ("nguoi-phat-ngon", "2026-11-20 16:30", "2026-11-21 16:30"),  # on a Saturday: hours run on
        ("thu-ly-khieu-nai", "2026-01-01 09:00", f"2026-01-12 {NIGHT}"),  # 2/1 off, Saturday 10/1 worked
        ("khieu-nai-lan-dau", "2026-01-18 09:00", f"2026-02-23 {NIGHT}"),  # 17/2 is Tết 2026
        ("khieu-nai-lan-hai", "2026-12-24 09:00", f"2027-02-11 {NIGHT}"),  # 7/2 is Tết 2027
        ("to-cao-xu-ly-ban-dau", "2026-08-20 09:00", f"2026-08-28 {NIGHT}"),  # Saturday 22/8 worked
        ("to-cao-chuyen-don", "2026-08-27 09:00", f"2026-09-08 {NIGHT}"),  # 31/8 to 2/9 off
        ("to-cao-giai-quyet", "2026-04-01 09:00", f"2026-05-04 {NIGHT}"),  # 1/5 is a Friday
        (
            "tiep-cong-dan-thong-bao",
            "2026-04-20 09:00",
            f"2026-05-07 {NIGHT}",
        ),  # 27/4 made up for Sunday 26/4
        ("ihanoi-tiep-nhan", "2026-11-20 15:00", "2026-11-23 15:00"),  # over a weekend, not at noon
        ("ihanoi-tiep-nhan-khan", "2026-11-23 16:00", "2026-11-25 11:00"),  # over 24/11
    ],
    LAM_DONG: [
        ("bao-chi-yeu-cau-tra-loi", "2026-10-22 09:00", f"2026-11-23 {NIGHT}"),
        ("bao-chi-chuyen-phan-anh", "2026-11-05 09:00", f"2026-11-27 {NIGHT}"),
        ("nguoi-phat-ngon", "2026-11-23 23:00", "2026-11-24 23:00"),
        ("khieu-nai-lan-dau", "2026-10-25 09:00", f"2026-11-25 {NIGHT}"),
        ("khieu-nai-lan-dau-vung-xa", "2026-10-01 09:00", f"2026-11-16 {NIGHT}"),  # 15/11 is a Sunday
        ("khieu-nai-lan-hai-vung-xa", "2026-09-25 09:00", f"2026-11-25 {NIGHT}"),  # 24/11
        ("tiep-cong-dan-thong-bao", "2026-11-20 09:00", f"2026-12-07 {NIGHT}"),
    ],
}


@pytest.mark.parametrize(
    ("office", "key", "trigger", "deadline"),
    [(office, *case) for office, cases in CASES.items() for case in cases],
    ids=lambda value: value.parent.name if isinstance(value, Path) else value,
)
def test_a_limit_ends(office: Path, key: str, trigger: str, deadline: str) -> None:
    settings = load_settings(office)
    (clock,) = [clock for clock in settings.statutory if clock.key == key]
    assert statutory_deadline(clock, at(trigger), WorkingCalendar(settings.calendar)) == at(deadline)


@pytest.mark.parametrize("office", CASES, ids=lambda path: path.parent.name)
def test_every_limit_is_counted_above_and_bears_its_basis(office: Path) -> None:
    clocks = load_settings(office).statutory
    assert {clock.key for clock in clocks} == {key for key, *_ in CASES[office]}
    assert all(clock.basis.strip() and clock.trigger.strip() for clock in clocks)
