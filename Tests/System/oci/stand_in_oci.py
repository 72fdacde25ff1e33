"""A stand-in for Oracle Cloud's API, for Oracle's own client: keeps state, insists on signatures and on the fields that Oracle requires,
lags behind like Oracle (new resources are PROVISIONING for some reads), and can be told to run out of capacity, to answer 429, or to
die in the middle. Paths and fields as the client of version 3.95 sends them (https://docs.oracle.com/en-us/iaas/api/).

What the client can't see of a deletion's cascade is left out: a VCN with subnets, a gateway in a route refuse to go, as at Oracle.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

TENANCY = "ocid1.tenancy.oc1..test"
USER = "ocid1.user.oc1..test"
REGION = "eu-frankfurt-1"
NAMESPACE = "teststore"
DOMAINS = ["Uocm:EU-FRANKFURT-1-AD-1", "Uocm:EU-FRANKFURT-1-AD-2", "Uocm:EU-FRANKFURT-1-AD-3"]

# What Oracle requires in a POST, by the collection's name.
REQUIRED = {
    "compartments": ["compartmentId", "name", "description"],
    "policies": ["compartmentId", "name", "description", "statements"],
    "vcns": ["compartmentId"],
    "subnets": ["compartmentId", "vcnId", "cidrBlock"],
    "internetGateways": ["compartmentId", "vcnId", "isEnabled"],
    "networkSecurityGroups": ["compartmentId", "vcnId"],
    "publicIps": ["compartmentId", "lifetime"],
    "instances": ["compartmentId", "availabilityDomain", "shape"],
}
PREFIX = {"internetGateways": "internetgateway", "networkSecurityGroups": "networksecuritygroup"}
# The states of identity resources have names of their own.
CREATING = {"compartments": "CREATING", "policies": "CREATING"}
GONE = ("TERMINATED", "DELETED")
DELETED = {"compartments": "DELETED", "policies": "DELETED"}
READY = {"instances": "RUNNING", "compartments": "ACTIVE", "policies": "ACTIVE"}
# What has to go before a resource can be deleted.
BEFORE = {
    "subnets": ("instances",),
    "internetGateways": ("routes",),
    "vcns": ("subnets", "internetGateways", "networkSecurityGroups", "routeTables", "securityLists"),
    "compartments": ("vcns", "publicIps", "policies", "buckets"),
}
SIGNED = {"date", "(request-target)", "host"}
SIGNED_WITH_BODY = SIGNED | {"content-length", "content-type", "x-content-sha256"}


class Refusal(Exception):
    """An answer that isn't 2xx: status, Oracle's code, message."""

    def __init__(self, status: int, code: str, message: str):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def not_found(what: str) -> Refusal:
    return Refusal(404, "NotAuthorizedOrNotFound", f"Authorization failed or requested resource not found: {what}")


class StandInOracle:
    """The API on a port of loopback. `faults` counts down what still goes wrong; `calls` holds every request that changed something."""

    def __init__(self, public_key: rsa.RSAPublicKey):
        self.public_key = public_key
        self.lock = threading.RLock()
        self.numbers = itertools.count(1)
        self.resources: dict[str, dict] = {}
        self.rules: dict[str, list[dict]] = {}
        self.buckets: dict[str, dict] = {}
        self.lifecycles: dict[str, list] = {}
        self.keys: dict[str, dict] = {}
        self.faults: Counter[str] = Counter()
        self.calls: list[str] = []
        self.after_change = None
        handler = type("Handler", (Handler,), {"oracle": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    # Reading by tests.

    def of(self, kind: str) -> list[dict]:
        """What is alive of a collection."""
        alive = (r for r in self.resources.values() if r["kind"] == kind)
        return [r for r in alive if r["lifecycleState"] not in GONE]

    def ingress(self) -> set[tuple]:
        """Protocol, first and last port and source of every rule."""
        found = set()
        for rule in itertools.chain.from_iterable(self.rules.values()):
            ports = (rule.get("tcpOptions") or rule.get("udpOptions") or {}).get("destinationPortRange") or {}
            found.add((rule["protocol"], ports.get("min"), ports.get("max"), rule["source"]))
        return found

    def remove(self, kind: str) -> None:
        """As if someone had deleted it in the console, with what Oracle wants gone before."""
        with self.lock:
            for other in BEFORE.get(kind, ()):
                self.remove(other)
            if kind == "routes":
                for table in self.of("routeTables"):
                    table["routeRules"] = []
            elif kind == "buckets":
                self.buckets.clear()
                self.lifecycles.clear()
            elif kind == "keys":
                self.keys.clear()
            elif kind == "networkSecurityGroups":
                self.rules.clear()
                for instance in self.of("instances"):
                    instance["createVnicDetails"]["nsgIds"] = []
            for resource in self.of(kind):
                resource["lifecycleState"] = DELETED.get(kind, "TERMINATED")
                if kind == "instances":
                    self.unassign(resource["id"])

    def unassign(self, instance: str) -> None:
        for address in self.of("publicIps"):
            if address.get("privateIpId") == f"{instance}.private":
                address.update(privateIpId=None, lifecycleState="AVAILABLE")

    # Resources.

    def make(self, kind: str, body: dict, **more) -> dict:
        number = next(self.numbers)
        prefix = PREFIX.get(kind, kind.rstrip("s").lower())
        resource = {
            "kind": kind,
            "id": f"ocid1.{prefix}.oc1..{number:06d}",
            "displayName": body.get("displayName") or body.get("name") or f"{prefix}{number}",
            "timeCreated": f"2026-01-01T00:{number // 60 % 60:02d}:{number % 60:02d}.000Z",
            "freeformTags": {},
            "lifecycleState": CREATING.get(kind, "PROVISIONING"),
            "lag": 1,
            **body,
            **more,
        }
        self.resources[resource["id"]] = resource
        return resource

    def get(self, identifier: str, kind: str) -> dict:
        resource = self.resources.get(identifier)
        if resource is None or resource["kind"] != kind:
            raise not_found(identifier)
        if resource["lag"] > 0:
            resource["lag"] -= 1
        elif resource["lifecycleState"] in ("PROVISIONING", "CREATING"):
            resource["lifecycleState"] = READY.get(kind, "AVAILABLE")
        return resource

    def need(self, identifier: str | None, kind: str, field: str) -> dict:
        """A resource that a request names, alive."""
        if identifier is None:
            raise Refusal(400, "MissingParameter", f"{field} is missing")
        resource = self.resources.get(identifier)
        if resource is None or resource["kind"] != kind or resource["lifecycleState"] in GONE:
            raise not_found(f"{field} {identifier}")
        return resource

    # Dispatch: method and path to a function.

    def answer(self, method: str, path: str, query: dict[str, str], body: dict):
        if self.faults["too-many-requests"] > 0:
            self.faults["too-many-requests"] -= 1
            raise Refusal(429, "TooManyRequests", "Too many requests for the user")
        with self.lock:
            if path == "/n" or path.startswith("/n/"):
                return self.storage(method, path, body)
            if path.startswith("/20190729/services/compute/limits/"):
                used = sum(i.get("shapeConfig", {}).get("ocpus", 1) for i in self.of("instances"))
                return {"used": used, "available": max(0, 4 - used)}
            if not path.startswith("/20160918/"):
                raise Refusal(404, "NotFound", f"no such path: {path}")
            return self.core(method, path.removeprefix("/20160918/").split("/"), query, body)

    def core(self, method: str, parts: list[str], query: dict[str, str], body: dict):
        match method, parts:
            case "GET", ["tenancies", tenancy, "regionSubscriptions"] if tenancy == TENANCY:
                return [{"regionKey": "FRA", "regionName": REGION, "status": "READY", "isHomeRegion": True}]
            case "GET", ["availabilityDomains"]:
                return [{"name": name, "compartmentId": TENANCY, "id": name} for name in DOMAINS]
            case "GET", ["images"]:
                return [] if self.faults["no-image"] else [{"id": "ocid1.image.oc1..ubuntu", "displayName": "Canonical-Ubuntu-24.04-aarch64"}]
            case _, ["users", user, "customerSecretKeys", *rest]:
                return self.secret_keys(method, user, rest, body)
            case "GET", ["privateIps"]:
                instance = query.get("vnicId", "").removesuffix(".vnic")
                self.need(instance, "instances", "vnicId")
                return [{"id": f"{instance}.private", "ipAddress": "10.20.0.5", "isPrimary": True, "vnicId": query["vnicId"]}]
            case "GET", ["vnicAttachments"]:
                instance = self.get(query.get("instanceId", ""), "instances")
                return [{"id": "a", "instanceId": instance["id"], "vnicId": instance["id"] + ".vnic", "lifecycleState": "ATTACHED"}]
            case _, ["vnics", vnic]:
                return self.vnic(method, vnic, body)
            case _, ["networkSecurityGroups", group, *rest] if rest:
                return self.group_rules(method, self.need(group, "networkSecurityGroups", "networkSecurityGroupId")["id"], rest, body)
            case "GET", [kind]:
                return self.listing(kind, query)
            case "POST", [kind] if kind in REQUIRED:
                return self.create(kind, body)
            case "GET", [kind, identifier]:
                return self.get(identifier, kind)
            case "PUT", [kind, identifier]:
                return self.change(kind, identifier, body)
            case "POST", ["instances", identifier]:
                self.get(identifier, "instances").update(lifecycleState="RUNNING")
                return self.resources[identifier]
            case "DELETE", [kind, identifier]:
                return self.delete(kind, identifier)
        raise Refusal(404, "NotFound", f"no such operation: {method} {'/'.join(parts)}")

    def vnic(self, method: str, identifier: str, body: dict):
        instance = self.need(identifier.removesuffix(".vnic"), "instances", "vnicId")
        if method == "PUT":
            for group in body.get("nsgIds") or []:
                self.need(group, "networkSecurityGroups", "nsgIds")
            instance["createVnicDetails"].update(body)
        return {"id": identifier, "compartmentId": instance["compartmentId"], "lifecycleState": "AVAILABLE",
                "nsgIds": instance["createVnicDetails"].get("nsgIds") or []}

    def listing(self, kind: str, query: dict[str, str]):
        compartment = query.get("compartmentId")
        if compartment != TENANCY:
            self.get(compartment or "", "compartments")
            self.need(compartment, "compartments", "compartmentId")
            if self.faults["compartment-unknown"] > 0:
                self.faults["compartment-unknown"] -= 1
                raise not_found("compartmentId")
        return [r for r in self.resources.values() if r["kind"] == kind and r["compartmentId"] == compartment]

    def create(self, kind: str, body: dict):
        missing = [name for name in REQUIRED[kind] if body.get(name) in (None, "")]
        if missing:
            raise Refusal(400, "MissingParameter", f"missing: {', '.join(missing)}")
        if body["compartmentId"] != TENANCY:
            self.need(body["compartmentId"], "compartments", "compartmentId")
        if "vcnId" in body:
            self.need(body["vcnId"], "vcns", "vcnId")
        maker = getattr(self, f"create_{kind}", None)
        return maker(body) if maker else self.make(kind, body)

    def create_vcns(self, body: dict):
        parent = {"compartmentId": body["compartmentId"]}
        routes = self.make("routeTables", parent, routeRules=[])
        everyone = [{"protocol": "6", "source": "0.0.0.0/0", "tcpOptions": {"destinationPortRange": {"min": 22, "max": 22}}}]
        lists = self.make("securityLists", parent, ingressSecurityRules=everyone, egressSecurityRules=[])
        return self.make("vcns", body, defaultRouteTableId=routes["id"], defaultSecurityListId=lists["id"])

    def create_publicIps(self, body: dict):
        address = f"203.0.113.{len(self.of('publicIps')) + 10}"
        return self.make("publicIps", body, ipAddress=address, privateIpId=None, lifecycleState="AVAILABLE", scope="REGION")

    def create_instances(self, body: dict):
        if body["availabilityDomain"] not in DOMAINS:
            raise not_found("availabilityDomain")
        if self.faults["capacity"] > 0:
            self.faults["capacity"] -= 1
            raise Refusal(500, "InternalError", "Out of host capacity.")
        network = body.get("createVnicDetails") or {}
        self.need(network.get("subnetId"), "subnets", "subnetId")
        for group in network.get("nsgIds") or []:
            self.need(group, "networkSecurityGroups", "nsgIds")
        if not body.get("metadata", {}).get("ssh_authorized_keys", "").startswith("ssh-"):
            raise Refusal(400, "InvalidParameter", "ssh_authorized_keys is not a public key")
        return self.make("instances", body)

    def change(self, kind: str, identifier: str, body: dict):
        resource = self.need(identifier, kind, kind)
        if kind == "routeTables":
            for rule in body.get("routeRules", []):
                self.need(rule.get("networkEntityId"), "internetGateways", "networkEntityId")
        if kind == "publicIps" and body.get("privateIpId"):
            self.need(body["privateIpId"].removesuffix(".private"), "instances", "privateIpId")
            body = {**body, "lifecycleState": "ASSIGNED"}
        resource.update(body)
        return resource

    def delete(self, kind: str, identifier: str):
        resource = self.need(identifier, kind, kind)
        holders = {
            "vcns": lambda r: [x for k in ("subnets", "internetGateways", "networkSecurityGroups") for x in self.of(k) if x["vcnId"] == r["id"]],
            "subnets": lambda r: [x for x in self.of("instances") if x["createVnicDetails"]["subnetId"] == r["id"]],
            "networkSecurityGroups": lambda r: [x for x in self.of("instances") if r["id"] in x["createVnicDetails"].get("nsgIds", [])],
            "internetGateways": lambda r: [
                x for x in self.of("routeTables") if any(rule["networkEntityId"] == r["id"] for rule in x["routeRules"])
            ],
        }
        if holders.get(kind, lambda _: [])(resource):
            raise Refusal(409, "Conflict", f"{identifier} is still in use")
        resource["lifecycleState"] = DELETED.get(kind, "TERMINATED")
        if kind == "instances":
            self.unassign(identifier)
        if kind == "networkSecurityGroups":
            self.rules.pop(identifier, None)
        return None

    def group_rules(self, method: str, group: str, rest: list[str], body: dict):
        rules = self.rules.setdefault(group, [])
        match method, rest:
            case "GET", ["securityRules"]:
                return rules
            case "POST", ["actions", "addSecurityRules"]:
                if len(body["securityRules"]) > 25:
                    raise Refusal(400, "InvalidParameter", "at most 25 rules in one request")
                for rule in body["securityRules"]:
                    if not {"direction", "protocol"} <= rule.keys() or (rule["direction"] == "INGRESS" and "source" not in rule):
                        raise Refusal(400, "MissingParameter", "direction, protocol and source are required")
                added = [{**rule, "id": f"{next(self.numbers):06X}", "isValid": True} for rule in body["securityRules"]]
                rules.extend(added)
                return {"securityRules": added}
            case "POST", ["actions", "removeSecurityRules"]:
                rules[:] = [rule for rule in rules if rule["id"] not in body["securityRuleIds"]]
                return None
        raise Refusal(404, "NotFound", f"no such operation on a security group: {rest}")

    def secret_keys(self, method: str, user: str, rest: list[str], body: dict):
        if user != USER:
            raise not_found("userId")
        if method == "GET":
            return [{k: v for k, v in key.items() if k != "key"} for key in self.keys.values()]
        if method == "POST":
            if len(self.keys) >= 2:
                raise Refusal(400, "LimitExceeded", "a user can have at most 2 customer secret keys")
            number = next(self.numbers)
            key = {"id": f"{number:040x}", "key": f"secret{number:034d}", "displayName": body["displayName"], "userId": user,
                   "lifecycleState": "ACTIVE"}
            self.keys[key["id"]] = key
            return key
        if self.keys.pop(rest[0], None) is None:
            raise not_found("customerSecretKeyId")
        return None

    def storage(self, method: str, path: str, body: dict):
        if path == "/n":
            return NAMESPACE
        match method, path.removeprefix("/n/").split("/"):
            case "POST", [_, "b"]:
                if body["name"] in self.buckets:
                    raise Refusal(409, "BucketAlreadyExists", "the bucket exists")
                self.need(body["compartmentId"], "compartments", "compartmentId")
                self.buckets[body["name"]] = {"namespace": NAMESPACE, **body}
                return self.buckets[body["name"]]
            case _, [_, "b", name, *_] if name not in self.buckets:
                raise Refusal(404, "BucketNotFound", f"The bucket '{name}' does not exist")
            case "GET", [_, "b", name]:
                return self.buckets[name]
            case "POST", [_, "b", name]:
                self.buckets[name].update(body)
                return self.buckets[name]
            case "DELETE", [_, "b", name]:
                del self.buckets[name]
                return None
            case "GET", [_, "b", name, "o"]:
                return {"objects": []}
            case "GET", [_, "b", name, "l"]:
                if name not in self.lifecycles:
                    raise Refusal(404, "LifecyclePolicyNotFound", "there is no lifecycle policy")
                return {"items": self.lifecycles[name], "timeCreated": "2026-01-01T00:00:00.000Z"}
            case "PUT", [_, "b", name, "l"]:
                if not self.of("policies"):
                    raise Refusal(400, "InsufficientServicePermissions", "the service may not manage objects")
                self.lifecycles[name] = body["items"]
                return {"items": body["items"], "timeCreated": "2026-01-01T00:00:00.000Z"}
        raise Refusal(404, "NotFound", f"no such operation on storage: {method} {path}")

    # The S3 interface: a bucket is shown to those whose key has become known.

    def s3_head(self, path: str, authorization: str) -> int:
        found = re.search(r"Credential=([^/]+)/", authorization)
        if found is None or found[1] not in self.keys:
            return 403
        if self.faults["key-unknown"] > 0:
            self.faults["key-unknown"] -= 1
            return 403
        return 200 if path.strip("/") in self.buckets else 404

    # Signatures: https://docs.oracle.com/en-us/iaas/Content/API/Concepts/signingrequests.htm

    def check_signature(self, method: str, target: str, headers, body: bytes) -> None:
        fields = dict(re.findall(r'(\w+)="([^"]*)"', headers.get("authorization", "")))
        names = fields.get("headers", "").split(" ")
        lacking = (SIGNED_WITH_BODY if method in ("POST", "PUT") else SIGNED) - set(names)
        if lacking or not fields.get("keyId", "").startswith(f"{TENANCY}/{USER}/"):
            raise Refusal(401, "NotAuthenticated", "The required information to complete authentication was not provided or was incorrect.")
        if "x-content-sha256" in names and headers["x-content-sha256"] != base64.b64encode(hashlib.sha256(body).digest()).decode():
            raise Refusal(401, "NotAuthenticated", "the body is not the one that was signed")
        lines = [f"{n}: {method.lower()} {target}" if n == "(request-target)" else f"{n}: {headers[n]}" for n in names]
        try:
            signature = base64.b64decode(fields.get("signature", ""))
            self.public_key.verify(signature, "\n".join(lines).encode(), padding.PKCS1v15(), SHA256())
        except InvalidSignature:
            raise Refusal(401, "NotAuthenticated", "The signature does not verify") from None


class Handler(BaseHTTPRequestHandler):
    """Reads a request, lets StandInOracle answer, writes JSON."""

    protocol_version = "HTTP/1.1"
    oracle: StandInOracle

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        parts = urlsplit(self.path)
        try:
            self.oracle.check_signature(self.command, self.path, self.headers, body)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            result = self.oracle.answer(self.command, parts.path, query, json.loads(body) if body else {})
            status = 204 if result is None else 200
        except Refusal as refusal:
            result, status = {"code": refusal.code, "message": refusal.message}, refusal.status
        if self.command != "GET" and status < 300:
            self.oracle.calls.append(f"{self.command} {parts.path}")
            if self.oracle.after_change is not None:
                self.oracle.after_change()
        self.send(status, b"" if result is None else json.dumps(result).encode())

    do_GET = do_POST = do_PUT = do_DELETE = handle_any

    def do_HEAD(self) -> None:
        self.send(self.oracle.s3_head(urlsplit(self.path).path, self.headers.get("authorization", "")), b"")

    def send(self, status: int, body: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("opc-request-id", "test")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except BrokenPipeError:
            pass  # its client was killed

    def log_message(self, *_) -> None:
        pass
