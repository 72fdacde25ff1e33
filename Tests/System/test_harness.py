"""The test services themselves are what the tests believe they are."""

import psycopg


def test_postgresql_is_new_enough(services):
    with psycopg.connect(services.database_url) as connection:
        assert connection.info.server_version >= 180001


def test_redis_is_new_enough(services):
    assert int(services.redis(0).info("server")["redis_version"].split(".")[0]) >= 7


def test_s3_stores_and_returns_objects(services, bucket):
    s3 = services.s3()
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="a/b", Body=b"content")
    assert s3.get_object(Bucket=bucket, Key="a/b")["Body"].read() == b"content"
