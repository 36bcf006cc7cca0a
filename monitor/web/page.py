"""How a page of the dashboard is filled in: what every page needs, and what its own route gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from jinja2 import ChoiceLoader, PackageLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse

from monitor.duration import show_duration
from monitor.report.feed_health import HEALTH_SIGNS, health_note
from monitor.report.page import new_environment
from monitor.web.access import Access, Visitor
from monitor.web.asked import Look
from monitor.web.board import Board


@dataclass(frozen=True)
class Site:
    """What all routes share."""

    board: Board
    access: Access

    @cached_property
    def _environment(self) -> Any:
        environment = new_environment(ChoiceLoader([PackageLoader("monitor.web"), PackageLoader("monitor.report")]))
        environment.globals.update(
            HEALTH_SIGNS=HEALTH_SIGNS, health_note=health_note, show_duration=show_duration, with_page=_with_page
        )
        return environment

    def page(self, request: Request, template: str, status: int = 200, **filled: Any) -> HTMLResponse:
        """A page from a template."""
        visitor = visitor_of(request)
        text = self._environment.get_template(template).render(
            path=request.url.path,
            visitor=visitor,
            form_token=self.access.form_token(visitor),
            asks_for_token=self.access.asks_for_token,
            stamp=self.board.stamp(),
            look=filled.pop("look", Look()),
            now=self.board.clock(),
            **filled,
        )
        return HTMLResponse(text, status)


def _with_page(asked: Mapping[str, str], number: int) -> str:
    """A query for another page of the same list."""
    return urlencode({**{name: value for name, value in asked.items() if value and name != "page"}, "page": number})


def visitor_of(request: Request) -> Visitor:
    """Who asks, as the guard, which stands before every route, has found."""
    visitor: Visitor = request.state.visitor
    return visitor
