import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionError } from "livekit-client";
import { connectionFailure } from "./connectionFailure.ts";

test("a device that can't be used doesn't end the call", () => {
  assert.equal(connectionFailure(new DOMException("denied", "NotAllowedError")), undefined);
});

test("who leaves while connecting has left", () => {
  assert.equal(connectionFailure(ConnectionError.cancelled("aborted")), "left");
});

test("every other error is a failure to connect", () => {
  assert.equal(connectionFailure(ConnectionError.serverUnreachable("gone")), "failed");
  assert.equal(connectionFailure(new Error("unexpected")), "failed");
});
