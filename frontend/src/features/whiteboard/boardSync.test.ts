import assert from "node:assert/strict";
import { mock, test, type TestContext } from "node:test";
import type { WhiteboardElement } from "@/api/schema";
import { BoardSync, isNewer, type BoardPorts } from "./boardSync.ts";

const element = (id: string, version: number, versionNonce = 5): WhiteboardElement => ({
  id,
  type: "rectangle",
  version,
  versionNonce,
  isDeleted: false,
});

/** Lets promises that are settled run their continuations. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

const ids = (elements: readonly WhiteboardElement[]) => elements.map(({ id, version }) => `${id}${version}`);

function board(context: TestContext, ports: Partial<BoardPorts> = {}) {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1000 });
  const calls = { send: [] as string[][], save: [] as string[][], read: [] as number[], merge: [] as string[][] };
  const sync = new BoardSync({
    send: (elements) => calls.send.push(ids(elements)),
    save: (elements) => {
      calls.save.push(ids(elements));
      return Promise.resolve({ revision: calls.save.length, winners: [] });
    },
    read: (since) => {
      calls.read.push(since);
      return Promise.resolve({ revision: since, elements: [] });
    },
    merge: (elements) => calls.merge.push(ids(elements)),
    ...ports,
  });
  return { sync, calls, tick: (time: number) => context.mock.timers.tick(time) };
}

test("of two versions the higher wins, of equal ones the lower nonce", () => {
  assert.equal(isNewer(element("a", 2), element("a", 1)), true);
  assert.equal(isNewer(element("a", 1, 3), element("a", 1, 4)), true);
  assert.equal(isNewer(element("a", 1, 4), element("a", 1, 4)), false);
  assert.equal(isNewer(element("a", 1), undefined), true);
});

test("changes are sent together at once, and saved a second after the last", async (context) => {
  const { sync, calls, tick } = board(context);
  sync.changed([element("a", 1)]);
  sync.changed([element("a", 2), element("b", 1)]);
  tick(50);
  assert.deepEqual(calls.send, [["a2", "b1"]]);
  tick(949);
  assert.deepEqual(calls.save, []);
  tick(1);
  await settle();
  assert.deepEqual(calls.save, [["a2", "b1"]]);
  sync.changed([element("a", 2), element("b", 1)]);
  tick(5000);
  assert.equal(calls.save.length, 1, "what is saved isn't saved again");
  assert.equal(sync.revision, 1);
});

test("who draws without a pause is saved every five seconds", async (context) => {
  const { sync, calls, tick } = board(context);
  for (let version = 1; version <= 11; version += 1) {
    sync.changed([element("a", version)]);
    tick(500);
  }
  await settle();
  assert.deepEqual(calls.save, [["a10"]]);
});

test("what others sent is merged, neither sent back nor saved", (context) => {
  const { sync, calls, tick } = board(context);
  sync.received([element("a", 3)]);
  sync.changed([element("a", 3)]);
  sync.received([element("a", 2)]);
  tick(6000);
  assert.deepEqual(calls, { send: [], save: [], read: [], merge: [["a3"]] });
});

test("while the server is away nothing is given up", async (context) => {
  let isAway = true;
  const saved: string[] = [];
  const { sync, tick } = board(context, {
    save: (elements) => {
      if (isAway) return Promise.reject(new Error("away"));
      saved.push(...elements.map(({ id, version }) => `${id}${version}`));
      return Promise.resolve({ revision: 7, winners: [] });
    },
  });
  sync.changed([element("a", 1)]);
  for (let round = 0; round < 4; round += 1) {
    tick(16_000);
    await settle();
  }
  sync.changed([element("a", 2)]);
  isAway = false;
  tick(16_000);
  await settle();
  assert.deepEqual(saved, ["a2"]);
});

test("who is back saves at once, and asks again soon when they are still refused", async (context) => {
  let isAway = true;
  const saves: number[] = [];
  const { sync, tick } = board(context, {
    save: () => {
      saves.push(Date.now());
      return isAway ? Promise.reject(new Error("away")) : Promise.resolve({ revision: 1, winners: [] });
    },
    read: () => Promise.reject(new Error("away")),
  });
  sync.changed([element("a", 1)]);
  for (let round = 0; round < 6; round += 1) {
    tick(16_000);
    await settle();
  }
  const back = Date.now();
  saves.length = 0;
  sync.reconnected();
  await settle();
  isAway = false;
  tick(1000);
  await settle();
  assert.deepEqual(saves, [back, back + 1000]);
});

test("what others drew over while it couldn't be saved doesn't count as unsaved any more", async (context) => {
  const unsaved: number[] = [];
  const { sync, tick } = board(context, {
    save: () => Promise.reject(new Error("away")),
    onUnsaved: (count) => unsaved.push(count),
  });
  sync.changed([element("a", 1)]);
  tick(1000);
  await settle();
  assert.equal(unsaved.at(-1), 1);
  sync.received([element("a", 2)]);
  assert.equal(unsaved.at(-1), 0);
});

test("an element that is drawn further while it is saved is saved again", async (context) => {
  const answers: (() => void)[] = [];
  const saved: string[][] = [];
  const { sync, tick } = board(context, {
    save: (elements) => {
      saved.push(ids(elements));
      return new Promise((resolve) => answers.push(() => resolve({ revision: saved.length, winners: [] })));
    },
  });
  const line = element("a", 1);
  sync.changed([line]);
  tick(1000);
  // Excalidraw changes the element in its place.
  line.version = 2;
  sync.changed([line]);
  answers[0]?.();
  await settle();
  tick(1000);
  assert.deepEqual(saved, [["a1"], ["a2"]]);
});

test("what is missed while something is read is read afterwards", async (context) => {
  const answers: (() => void)[] = [];
  const since: number[] = [];
  const { sync } = board(context, {
    read: (revision) => {
      since.push(revision);
      return new Promise((resolve) => answers.push(() => resolve({ revision: revision + 1, elements: [] })));
    },
  });
  sync.catchUp();
  sync.catchUp();
  answers[0]?.();
  await settle();
  answers[1]?.();
  await settle();
  assert.deepEqual(since, [0, 1]);
});

test("the board's newer versions win over what was saved", async (context) => {
  const { sync, calls, tick } = board(context, {
    save: () => Promise.resolve({ revision: 4, winners: [element("a", 9)] }),
  });
  sync.changed([element("a", 1)]);
  tick(1000);
  await settle();
  assert.deepEqual(calls.merge, [["a9"]]);
  tick(2000);
  assert.deepEqual(calls.read, [0], "others saved in between: that is read");
});

test("a revision that isn't reached within two seconds is read, once", async (context) => {
  const read = mock.fn((_since: number) => Promise.resolve({ revision: 3, elements: [element("a", 1)] }));
  const { sync, calls, tick } = board(context, { read });
  sync.saved(2);
  sync.saved(3);
  tick(1999);
  assert.equal(read.mock.callCount(), 0);
  tick(1);
  await settle();
  assert.equal(read.mock.callCount(), 1);
  assert.deepEqual(calls.merge, [["a1"]]);
  sync.saved(3);
  tick(5000);
  assert.equal(read.mock.callCount(), 1);
});

test("what was missed is asked for until it comes", async (context) => {
  let failures = 2;
  const { sync, calls, tick } = board(context, {
    read: (since) => {
      failures -= 1;
      if (failures >= 0) return Promise.reject(new Error("away"));
      return Promise.resolve({ revision: since + 1, elements: [element("z", 1)] });
    },
  });
  sync.catchUp();
  await settle();
  tick(1000);
  await settle();
  tick(2000);
  await settle();
  assert.deepEqual(calls.merge, [["z1"]]);
});

test("whoever leaves saves the rest", async (context) => {
  const { sync, calls, tick } = board(context);
  sync.changed([element("a", 1)]);
  sync.end();
  await settle();
  assert.deepEqual(calls.save, [["a1"]]);
  tick(60_000);
  assert.equal(calls.save.length, 1);
});
