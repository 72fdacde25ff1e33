import assert from "node:assert/strict";
import { test } from "node:test";
import { nothingTried, verdict, type Results } from "./steps.ts";

const passed = { status: "passed" } as const;
const all: Results = { ...nothingTried, server: passed, udp: passed, send: passed, receive: passed };

test("a call that goes both ways by UDP is good, whatever else the server offers", () => {
  assert.equal(verdict({ ...all, tcp: { status: "absent" }, turn: { status: "absent" } }), "good");
  assert.equal(verdict({ ...all, tcp: { status: "failed" } }), "good");
});

test("without UDP it works by a detour", () => {
  assert.equal(verdict({ ...all, udp: { status: "failed" }, tcp: passed }), "slow");
});

test("who isn't heard, or hears nothing, has no call", () => {
  assert.equal(verdict({ ...all, receive: { status: "failed" } }), "bad");
  assert.equal(verdict({ ...all, server: { status: "failed" } }), "bad");
});
