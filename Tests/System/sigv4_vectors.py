"""Signs random requests with botocore and prints them, one JSON object a line, for the test of our own signer.

Usage: python3 sigv4_vectors.py SEED COUNT
Needs botocore. The integration tests run it with the interpreter named in TEST_S3_PYTHON.
"""

import json
import random
import sys
from urllib.parse import parse_qsl, quote, urlsplit

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

PIECES = [
    "a", "Z", "0", "-", "_", ".", "~", "..", "./", "/", "//", " ", "  ", "+", "%", "%2F", "%252f", "&", "=", "?", "#",
    ";", ":", "@", "!", "$", "'", "(", ")", "*", ",", "[", "]", "{", "}", "|", "\\", "^", "`", '"', "<", ">", "\t",
    "\x01", "\x7f", "é", "e\u0301", "ß", "日本", "\u200b", "😀", "ABC", "recording-2026.mp4",
]
HEADER_NAMES = ["Content-Type", "Range", "x-amz-meta-title", "X-Amz-Meta-Other", "Content-MD5", "If-None-Match"]
HEADER_VALUES = ["text/plain", "bytes=0-9", "  led", "trailing  ", "a   b\t c", "*", "x;y=z", "café", '"quoted  text"']


def text(rng, most):
    return "".join(rng.choice(PIECES) for _ in range(rng.randint(1, most)))


def request(rng):
    scheme, port = rng.choice([("http", ""), ("https", ""), ("http", ":80"), ("https", ":443"), ("http", ":4566")])
    names = [text(rng, 3) for _ in range(rng.randint(0, 4))]
    return {
        "method": rng.choice(["GET", "PUT", "HEAD", "DELETE", "POST"]),
        "endpoint": f"{scheme}://{rng.choice(['localhost', '127.0.0.1', 's3.example.com'])}{port}",
        "bucket": rng.choice(["recordings", "My_bucket.2", "b"]),
        "key": text(rng, 12) if rng.random() < 0.95 else None,
        "query": [[name, rng.choice(["", text(rng, 4)])] for name in dict.fromkeys(names)],
        "headers": [[name, rng.choice(HEADER_VALUES)] for name in rng.sample(HEADER_NAMES, rng.randint(0, 4))],
        "payload": rng.choice([None, "", text(rng, 20)]),
        "region": rng.choice(["us-east-1", "eu-frankfurt-1", "local"]),
        "accessKey": text_of(rng, 20),
        "secretKey": text_of(rng, 40),
        "expires": rng.randint(1, 604800),
    }


def text_of(rng, length):
    return "".join(rng.choice("ABCDEFabcdef0123456789/+=") for _ in range(length))


def aws_request(case, payload):
    path = "/" + case["bucket"]
    if case["key"] is not None:
        path += "/" + quote(case["key"], safe="/~")
    url = case["endpoint"] + path
    if case["query"]:
        url += "?" + "&".join(quote(n, safe="-_.~") + "=" + quote(v, safe="-_.~") for n, v in case["query"])
    result = AWSRequest(method=case["method"], url=url, data=(payload or "").encode())
    for name, value in case["headers"]:
        result.headers.add_header(name, value)
    result.context["client_config"] = Config(s3={"payload_signing_enabled": payload is not None})
    return result


def signed(case):
    credentials = Credentials(case["accessKey"], case["secretKey"])
    by_header = aws_request(case, case["payload"])
    S3SigV4Auth(credentials, "s3", case["region"]).add_auth(by_header)
    by_query = aws_request(case, None)
    S3SigV4QueryAuth(credentials, "s3", case["region"], expires=case["expires"]).add_auth(by_query)
    query = dict(parse_qsl(urlsplit(by_query.url).query, keep_blank_values=True))
    return {
        **case,
        "timestamp": by_header.context["timestamp"],
        "authorization": by_header.headers["Authorization"],
        "payloadHash": by_header.headers["X-Amz-Content-SHA256"],
        "presignedTimestamp": by_query.context["timestamp"],
        "presignedSignedHeaders": query["X-Amz-SignedHeaders"],
        "presignedSignature": query["X-Amz-Signature"],
    }


def main():
    rng = random.Random(int(sys.argv[1]))
    for _ in range(int(sys.argv[2])):
        print(json.dumps(signed(request(rng))))


main()
