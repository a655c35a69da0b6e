"""What every page of the desk has at hand."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

import jinja2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.templating import Jinja2Templates

from pipeline import names
from pipeline.clock import Clock, local
from pipeline.documents.hrefs import safe_href
from pipeline.documents.issuing import number_and_symbol
from pipeline.formats import vn_change, vn_date, vn_number
from pipeline.registers import REGISTERS
from pipeline.review import Conflict, Review
from pipeline.settings import Office, Settings
from pipeline.states import IN_WORDS
from pipeline.undoing import undo_until
from store import Store
from store.models import Referral
from web import words
from web.afterwards import Afterwards
from web.compiled import COMPILED
from web.formats import DATE_PATTERN, MOMENT_PATTERN, vn_moment
from web.history import changes, what, who
from web.navigation import menu_of, path_of
from web.pace import Pace
from web.permissions import Action, may
from web.reckoning import Reckoning
from web.sessions import Limits, Sessions
from web.settings import DeskSettings
from web.thread import never_a_letter, thread, to_do, waits_for, why_returned
from web.throttle import Throttle
from web.turns import Turns

FORMS = 900
"""in a quarter of an hour: one a second, all the time, is more than hands can do"""


@dataclass(frozen=True)
class Desk:
    store: Store
    settings: Settings
    clock: Clock
    templates: Jinja2Templates
    reckoning: Reckoning = field(default_factory=Reckoning)
    turns: Turns = field(default_factory=Turns)
    afterwards: Afterwards = field(default_factory=Afterwards)

    @property
    def own(self) -> DeskSettings:
        return self.settings.section("desk", DeskSettings)

    @property
    def forms(self) -> Pace:
        """Sent in one session."""
        return Pace(self.store.data_dir, "forms", FORMS)

    @property
    def throttle(self) -> Throttle:
        return Throttle(self.store)

    @property
    def sessions(self) -> Sessions:
        own = self.own
        limits = Limits(timedelta(hours=own.session_hours), timedelta(minutes=own.idle_minutes))
        return Sessions(self.store, self.clock, limits)

    @property
    def review(self) -> Review:
        return Review(self.store, self.settings, self.clock)

    @property
    def today(self) -> date:
        return local(self.clock()).date()

    def render(
        self, request: Request, template: str, context: dict[str, Any], status: int = 200
    ) -> HTMLResponse:
        return self.templates.TemplateResponse(request, template, context, status_code=status)


def desk_of(request: Request) -> Desk:
    desk = request.app.state.desk
    assert isinstance(desk, Desk)  # noqa: S101 - set in create_app
    return desk


def templates(app: Starlette, settings: Settings) -> Jinja2Templates:
    env = jinja2.Environment(
        loader=jinja2.PackageLoader("web"),
        bytecode_cache=COMPILED,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals |= {
        "path": path_of(app),
        "office": settings.office,
        "words": words,
        "state_words": IN_WORDS,
        "urgency_words": names.URGENCY_IN_WORDS,
        "outcome_words": names.OUTCOME_IN_WORDS,
        "topic_words": names.topics(settings),
        "date_pattern": DATE_PATTERN,
        "moment_pattern": MOMENT_PATTERN,
        "menu": menu_of(app),
        "may": may,
        "thread": thread,
        "why_returned": why_returned,
        "to_do": to_do,
        "waits_for": waits_for,
        "leaves_at": partial(undo_until, settings),
        "number_of": partial(_number_of, settings.office),
        "register_of": REGISTERS,
        "Action": Action,
        "changes": changes,
        "what": what,
        "who": who,
    }
    env.filters |= {
        "moment": vn_moment,
        "date": vn_date,
        "number": vn_number,
        "change": vn_change,
        "href": safe_href,
    }
    env.tests["conflict"] = lambda problem: isinstance(problem, Conflict)
    env.tests["never_a_letter"] = never_a_letter
    return Jinja2Templates(env=env)


def _number_of(office: Office, referral: Referral) -> str:
    """As its letter bears it: the Party numbers by terms, which the year alone would not tell."""
    return number_and_symbol(office, "letter", referral.number)
