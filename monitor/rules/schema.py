"""JSON Schemas of the formats, so that editors complete and check as one types."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what a file of this format may hold."""
    schema = model.model_json_schema(by_alias=True)
    return {"$schema": _DRAFT, **_without_titles(schema), "title": title}


def _without_titles(value: Any) -> Any:
    """Generated titles only repeat the key; a property called ``title`` stays."""
    if isinstance(value, dict):
        return {
            key: _without_titles(part) for key, part in value.items() if key != "title" or not isinstance(part, str)
        }
    return [_without_titles(part) for part in value] if isinstance(value, list) else value
