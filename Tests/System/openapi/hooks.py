"""What schemathesis must know of the API: how to sign in, and what it must not do to its own account.

Reads OPENAPI_URL, OPENAPI_EMAIL and OPENAPI_PASSWORD from the environment.
"""

import os
import uuid

import httpx
import schemathesis

URL = os.environ["OPENAPI_URL"]
CREDENTIALS = {"email": os.environ["OPENAPI_EMAIL"], "password": os.environ["OPENAPI_PASSWORD"]}


class SignedIn:
    """One session, renewed when a test ended it."""

    def __init__(self):
        self.client = httpx.Client(base_url=URL, trust_env=False, timeout=30)
        self.account = None

    def cookie(self) -> tuple[str, str]:
        if self.client.get("/api/v1/session").status_code == 401:
            answer = self.client.post("/api/v1/session", json=CREDENTIALS)
            assert answer.status_code == 201, f"signing in failed: {answer.status_code} {answer.text}"
            self.account = answer.json()["account"]["id"]
        ((name, value),) = self.client.cookies.items()
        return name, value


SIGNED_IN = SignedIn()


@schemathesis.auth(refresh_interval=None)
class SessionCookie:
    def get(self, case, context):
        return SIGNED_IN.cookie()

    def set(self, case, data, context):
        name, value = data
        case.cookies[name] = value


def is_uuid(value) -> bool:
    try:
        uuid.UUID(str(value))
    except ValueError:
        return False
    return True


@schemathesis.hook
def before_call(context, case, kwargs):
    # An event stream has no end, and answers are read to theirs. For meetings that don't exist all refusals are still seen;
    # streams are tested by reading them.
    if case.operation.path.endswith("/events") and is_uuid((case.path_parameters or {}).get("meeting_id")):
        case.path_parameters["meeting_id"] = str(uuid.uuid4())
    # libmicrohttpd before 1.0, which Debian 12 has, answers 431 by itself when the last cookie is an opening quote alone.
    for name in [name for name, value in (case.cookies or {}).items() if value == '"']:
        del case.cookies[name]
    # Signing in must go on working: the account that does it is never what a test is about.
    if (case.path_parameters or {}).get("account_id") == SIGNED_IN.account:
        case.path_parameters["account_id"] = str(uuid.uuid4())
