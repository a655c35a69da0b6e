"""The demo's office: an invented committee, real kinds of bodies, invented mailboxes."""

import socket
from collections.abc import Mapping
from pathlib import Path

import jinja2

from pipeline.demo.town import Town

DESK_PORT = 8080
LINK_KEY_FILE = "khoa-lien-ket.txt"
LINK_KEY = "khoa-trinh-dien-khong-dung-cho-co-quan-that"
"""Invented and known to all: the same demo makes the same letters, on a machine that is nobody's office."""
AGENCIES = (
    ("so-xay-dung", "Sở Xây dựng thành phố Hải Phòng", "Giám đốc Sở Xây dựng", "Văn phòng Sở"),
    (
        "so-nnmt",
        "Sở Nông nghiệp và Môi trường thành phố Hải Phòng",
        "Giám đốc Sở Nông nghiệp và Môi trường",
        "Văn phòng Sở",
    ),
    ("so-cong-thuong", "Sở Công Thương thành phố Hải Phòng", "Giám đốc Sở Công Thương", "Văn phòng Sở"),
    (
        "so-gddt",
        "Sở Giáo dục và Đào tạo thành phố Hải Phòng",
        "Giám đốc Sở Giáo dục và Đào tạo",
        "Văn phòng Sở",
    ),
    ("so-y-te", "Sở Y tế thành phố Hải Phòng", "Giám đốc Sở Y tế", "Văn phòng Sở"),
    ("so-noi-vu", "Sở Nội vụ thành phố Hải Phòng", "Giám đốc Sở Nội vụ", "Văn phòng Sở"),
    (
        "so-khcn",
        "Sở Khoa học và Công nghệ thành phố Hải Phòng",
        "Giám đốc Sở Khoa học và Công nghệ",
        "Văn phòng Sở",
    ),
    (
        "so-vhttdl",
        "Sở Văn hóa, Thể thao và Du lịch thành phố Hải Phòng",
        "Giám đốc Sở Văn hóa, Thể thao và Du lịch",
        "Văn phòng Sở",
    ),
    ("thanh-tra", "Thanh tra thành phố Hải Phòng", "Chánh Thanh tra thành phố", "Văn phòng Thanh tra"),
    ("cong-an", "Công an thành phố Hải Phòng", "Giám đốc Công an thành phố", "Phòng Tham mưu"),
    ("bhxh", "Bảo hiểm xã hội thành phố Hải Phòng", "Giám đốc Bảo hiểm xã hội thành phố", "Văn phòng"),
)
ROUTES = (
    ("land", "so-nnmt", ("commune",)),
    ("housing", "so-xay-dung", ("commune",)),
    ("traffic", "so-xay-dung", ("cong-an",)),
    ("water", "so-xay-dung", ("commune",)),
    ("environment", "so-nnmt", ("commune",)),
    ("power", "so-cong-thuong", ()),
    ("education", "so-gddt", ("commune",)),
    ("health", "so-y-te", ("commune",)),
    ("labour", "so-noi-vu", ("bhxh",)),
    ("security", "cong-an", ("commune",)),
    ("disaster", "so-nnmt", ("cong-an", "commune")),
    ("administration", "so-noi-vu", ("commune",)),
    ("justice", "thanh-tra", ("commune",)),
    ("market", "so-cong-thuong", ("commune",)),
    ("culture", "so-vhttdl", ("commune",)),
    ("rural", "so-nnmt", ("commune",)),
)


def write_config(
    folder: Path, town: Town, bases: Mapping[str, str], mail_port: int, *, auto: bool = False
) -> Path:
    """Writes config.yaml, whole, into `folder`. `bases`: outlet key -> address of its server.

    `auto` lets everything leave without a person, for runs that nobody attends.
    """
    text = (
        jinja2.Environment(
            loader=jinja2.PackageLoader("pipeline.demo", ""),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            autoescape=False,  # noqa: S701 - YAML, not HTML
        )
        .get_template("config.yaml.j2")
        .render(
            agencies=AGENCIES,
            routes=ROUTES,
            outlets=town.outlets,
            bases=bases,
            mail_port=mail_port,
            desk_port=_free_port(DESK_PORT),
            auto=auto,
            link_key=LINK_KEY_FILE,
        )
    )
    (folder / LINK_KEY_FILE).write_text(f"{LINK_KEY}\n", encoding="utf-8")
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _free_port(wanted: int) -> int:
    """`wanted`, or another where something listens there already."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    return wanted
