"""What the tests talk to besides the server: PostgreSQL, Redis and S3, named by the variables TEST_*."""

import os
import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import botocore.session
import psycopg
import redis
from botocore.config import Config

HINT = "run ansible-free-scripts/test --only system, or ansible-free-scripts/with-services pytest, which start the services"


def require(name: str) -> str:
    """The variable's value. A test never runs without its services, and is never left out silently either."""
    value = os.environ.get(name)
    assert value, f"{name} is not set: {HINT}"
    return value


@dataclass(frozen=True)
class Services:
    database_url: str
    postgres_bin: str
    redis_url: str
    redis_server: str
    s3_endpoint: str
    s3_access_key: str
    s3_secret_key: str

    @classmethod
    def from_environment(cls) -> "Services":
        return cls(*(require(name) for name in (
            "TEST_DATABASE_URL", "TEST_POSTGRES_BIN", "TEST_REDIS_URL", "TEST_REDIS_SERVER",
            "TEST_S3_ENDPOINT", "TEST_S3_ACCESS_KEY", "TEST_S3_SECRET_KEY",
        )))

    def url_of_database(self, name: str) -> str:
        return urlunsplit(urlsplit(self.database_url)._replace(path="/" + name))

    def url_of_redis(self, number: int) -> str:
        return urlunsplit(urlsplit(self.redis_url)._replace(path=f"/{number}"))

    def administer(self, statement: str):
        """Runs a statement outside of any transaction on the maintenance database."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            connection.execute(statement)

    def new_database_name(self) -> str:
        return "test_" + uuid.uuid4().hex[:16]

    def drop_database(self, name: str):
        self.administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def s3(self):
        """botocore's own client: the judge of our signatures."""
        return botocore.session.get_session().create_client(
            "s3",
            endpoint_url=self.s3_endpoint,
            region_name="us-east-1",
            aws_access_key_id=self.s3_access_key,
            aws_secret_access_key=self.s3_secret_key,
            config=Config(s3={"addressing_style": "path"}, signature_version="s3v4"),
        )

    def redis(self, number: int) -> redis.Redis:
        return redis.Redis.from_url(self.url_of_redis(number))
