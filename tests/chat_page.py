"""The chat page as a browser speaks to it, without a browser: functions, events and uploads over Gradio's wire."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
from gradio_client.utils import apply_diff


class Page:
    """A page that is open."""

    def __init__(self, url: str, **headers: str) -> None:
        """Open it."""
        self.http = httpx.Client(base_url=url, timeout=60, headers=headers)
        self.session = uuid4().hex
        html = self.http.get("/").raise_for_status().text
        config = json.JSONDecoder().raw_decode(html, html.index("{", html.index("window.gradio_config")))[0]
        self.views: dict[str, int] = {
            c["props"]["elem_id"].removeprefix("kutip-"): c["id"] for c in config["components"] if c["props"]["elem_id"]
        }
        self._events = {tuple(t): d["id"] for d in config["dependencies"] for t in d["targets"]}

    def close(self) -> None:
        """Close it."""
        self.http.close()

    def call(self, view: str, function: str, data: Any = None) -> Any:
        """What a server function answers; any status but 200 is a fault."""
        body = {"data": data, "component_id": self.views[view], "fn_name": function, "session_hash": self.session}
        response = self.http.post("/gradio_api/component_server", json=body)
        assert response.status_code == 200, response.text
        return response.json()

    def begin(self, view: str, event: str, data: Any) -> str:
        """Trigger an event; its id in the queue."""
        component = self.views[view]
        joined = self.http.post(
            "/gradio_api/queue/join",
            json={
                "data": [], "fn_index": self._events[(component, event)], "session_hash": self.session,
                "event_data": data, "trigger_id": component,
            },
        )  # fmt: skip
        assert joined.status_code == 200, joined.text
        return str(joined.json()["event_id"])

    def stop(self, view: str, event: str, id: str) -> None:
        """What the event ``stop`` of a view does: end an event of it."""
        number = self._events[(self.views[view], event)]
        body = {"session_hash": self.session, "fn_index": number, "event_id": id}
        assert self.http.post("/gradio_api/cancel", json=body).status_code == 200

    def values(self) -> Iterator[Any]:
        """The values that the view gets, until the event is over."""
        value: Any = None
        with self.http.stream("GET", "/gradio_api/queue/data", params={"session_hash": self.session}) as stream:
            for line in stream.iter_lines():
                if not line.startswith("data: "):
                    continue
                message = json.loads(line.removeprefix("data: "))
                if message["msg"] == "process_generating":
                    assert message["success"], message
                    data = message["output"]["data"]
                    value = data[0] if value is None else apply_diff(value, data[0])
                    yield value
                elif message["msg"] == "process_completed":
                    assert message["success"], message
                    return

    def trigger(self, view: str, event: str, data: Any) -> list[Any]:
        """All values of an event."""
        self.begin(view, event, data)
        return json.loads(json.dumps(list(self.values())))  # type: ignore[no-any-return]

    def upload(self, name: str, content: bytes) -> str:
        """Where Gradio has put a file."""
        response = self.http.post("/gradio_api/upload", files={"files": (name, content)})
        assert response.status_code == 200, response.text
        return str(response.json()[0])
