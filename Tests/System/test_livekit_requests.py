"""What the client of LiveKit's API sends, read by LiveKit's own library. No service is needed."""

import json
import pathlib

import pytest
from google.protobuf import json_format
from livekit.protocol import egress, room

RECORDED = pathlib.Path(__file__).parent.parent / "Data" / "livekit"
REQUESTS = json.loads((RECORDED / "requests.json").read_text())


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda r: r["method"])
def test_library_reads_every_body(request_):
    message = getattr(egress if request_["method"].startswith("Egress/") else room, request_["message"])()
    # Strict: a field that the message doesn't have, or of another type, is an error.
    json_format.ParseDict(request_["body"], message)
    back = json_format.MessageToDict(message)
    assert back == without_defaults(request_["body"])


def without_defaults(value):
    """What protobuf leaves out when it writes JSON, except inside of maps."""
    if isinstance(value, dict):
        kept = {name: item if name == "attributes" else without_defaults(item) for name, item in value.items()}
        return {name: item for name, item in kept.items() if item not in (False, "", [], "RELIABLE")}
    if isinstance(value, list):
        return [without_defaults(item) for item in value]
    return value
