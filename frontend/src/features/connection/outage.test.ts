import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionState } from "livekit-client";
import { outageOf } from "./outage.ts";

test("sound and picture go on while only the server is away", () => {
  assert.equal(outageOf(ConnectionState.SignalReconnecting), "server");
  assert.equal(outageOf(ConnectionState.Reconnecting), "media");
});

test("nothing is interrupted otherwise", () => {
  for (const state of [ConnectionState.Connecting, ConnectionState.Connected, ConnectionState.Disconnected]) {
    assert.equal(outageOf(state), undefined, state);
  }
});
