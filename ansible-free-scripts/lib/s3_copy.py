"""Copies every bucket of a development S3 service to a folder, and back.

usage: s3_copy.py save|restore ENDPOINT FOLDER

FOLDER/index.json names the buckets and objects; each object's bytes are in FOLDER/<number>. `save` replaces the folder only
when everything was read; `restore` leaves alone what the service already has.
"""

import json
import os
import shutil
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

HEADERS = ["ContentType", "CacheControl", "ContentDisposition", "ContentEncoding", "Metadata"]


def save(s3, folder):
    partial = folder + ".partial"
    shutil.rmtree(partial, ignore_errors=True)
    os.makedirs(partial, mode=0o700)
    buckets, count = {}, 0
    for bucket in (entry["Name"] for entry in s3.list_buckets()["Buckets"]):
        objects = buckets.setdefault(bucket, [])
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for key in (entry["Key"] for entry in page.get("Contents", [])):
                answer = s3.get_object(Bucket=bucket, Key=key)
                with open(os.path.join(partial, str(count)), "wb") as file:
                    shutil.copyfileobj(answer["Body"], file)
                headers = {name: answer[name] for name in HEADERS if answer.get(name)}
                objects.append({"key": key, "file": str(count), "headers": headers})
                count += 1
    with open(os.path.join(partial, "index.json"), "w") as file:
        json.dump(buckets, file)
    # Renamed rather than deleted: whoever is killed in between finds the old or the new one whole.
    previous = folder + ".previous"
    shutil.rmtree(previous, ignore_errors=True)
    if os.path.exists(folder):
        os.rename(folder, previous)
    os.rename(partial, folder)
    shutil.rmtree(previous, ignore_errors=True)
    print(f"{len(buckets)} buckets, {count} objects")


def exists(call, **arguments):
    try:
        call(**arguments)
        return True
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            return False
        raise


def restore(s3, folder):
    with open(os.path.join(folder, "index.json")) as file:
        buckets = json.load(file)
    count = 0
    for bucket, objects in buckets.items():
        if not exists(s3.head_bucket, Bucket=bucket):
            s3.create_bucket(Bucket=bucket)
        for entry in objects:
            if not exists(s3.head_object, Bucket=bucket, Key=entry["key"]):
                s3.upload_file(os.path.join(folder, entry["file"]), bucket, entry["key"], ExtraArgs=entry["headers"])
                count += 1
    print(f"{len(buckets)} buckets, {count} objects")


def main():
    action, endpoint, folder = sys.argv[1:]
    s3 = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", config=Config(s3={"addressing_style": "path"}))
    {"save": save, "restore": restore}[action](s3, folder)


if __name__ == "__main__":
    main()
