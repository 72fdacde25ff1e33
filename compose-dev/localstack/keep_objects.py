"""Keeps LocalStack's objects in its volume, since its free edition has them in memory only. Runs inside of LocalStack's process.

`start` puts back what the last run kept and makes the bucket, then looks every few seconds whether something changed, and copies
it; at once when `run` asks for it before a stop. What was stored within those seconds is lost when LocalStack is killed.
"""

import os
import sys
import threading
import time
import traceback

import boto3
from botocore.config import Config

sys.path.insert(0, "/etc/localstack")
import s3_copy  # noqa: E402

FOLDER = "/var/lib/localstack/objects"
# Tells the health check and `run` that everything was put back: a copy of less would replace the whole.
READY = "/dev/shm/objects-ready"
# Made by `run`, taken away here.
WANTED = "/dev/shm/objects-wanted"
SECONDS = 10


def client():
    port = os.environ["GATEWAY_LISTEN"].rpartition(":")[2]
    return boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name="us-east-1",
        config=Config(s3={"addressing_style": "path"}),
    )


def state(s3):
    """What is stored, without the bytes: two equal states need no copy."""
    found = []
    for bucket in (entry["Name"] for entry in s3.list_buckets()["Buckets"]):
        found.append((bucket, None, None))
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            found += [(bucket, entry["Key"], entry["ETag"]) for entry in page.get("Contents", [])]
    return found


def keep_again_and_again(s3):
    kept = None
    while True:
        wanted = wait()
        try:
            now = state(s3)
            if now != kept:
                s3_copy.save(s3, FOLDER)
                kept = now
        except Exception:
            # The next round tries again; a full disk, say, can be mended.
            print("keep_objects: the objects could not be copied to the volume:", file=sys.stderr)
            traceback.print_exc()
        if wanted:
            os.unlink(WANTED)


def wait():
    """Returns after some seconds, or with true as soon as a copy is asked for."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if os.path.exists(WANTED):
            return True
        time.sleep(0.1)
    return False


def start():
    s3 = client()
    if os.path.exists(os.path.join(FOLDER, "index.json")):
        s3_copy.restore(s3, FOLDER)
    bucket = os.environ["S3_BUCKET"]
    if not s3_copy.exists(s3.head_bucket, Bucket=bucket):
        s3.create_bucket(Bucket=bucket)
        print(f"keep_objects: made the bucket {bucket}")
    threading.Thread(target=keep_again_and_again, args=[s3], name="keep-objects", daemon=True).start()
    open(READY, "w").close()
