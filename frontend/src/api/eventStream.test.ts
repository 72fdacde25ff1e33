import assert from "node:assert/strict";
import { test } from "node:test";
import { EventStreamParser } from "./eventStream.ts";

const text =
  'retry: 2000\n: hello\n\nid: 7\nevent: hand.raised\ndata: {"a":1}\ndata: 2\n\nid:8\r\ndata:x\r\n\r\ndata\n\n';
const events = [
  { id: "7", event: "hand.raised", data: '{"a":1}\n2' },
  { id: "8", event: "message", data: "x" },
  { id: "8", event: "message", data: "" },
];

test("reads events in one piece", () => {
  const parser = new EventStreamParser();
  assert.deepEqual(parser.push(text), events);
  assert.equal(parser.retry, 2000);
});

test("reads the same events wherever the text is cut", () => {
  for (let cut = 0; cut <= text.length; cut += 1) {
    const parser = new EventStreamParser();
    assert.deepEqual([...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))], events, `cut at ${cut}`);
  }
});

test("comments and blank lines are no events", () => {
  assert.deepEqual(new EventStreamParser().push(": heartbeat\n\n\n\nevent: x\n\n"), []);
});
