import assert from "node:assert/strict";
import { test } from "node:test";
import { RecordedBoard } from "./recordedBoard.ts";

const element = (id: string, version: number) => ({
  id,
  type: "rectangle",
  version,
  versionNonce: 1,
  isDeleted: false,
});
const elements = (whiteboardId: string, ...items: ReturnType<typeof element>[]) =>
  ({ type: "elements", whiteboardId, elements: items }) as const;
const pointer = (whiteboardId: string) => ({ type: "pointer", whiteboardId, x: 1, y: 1, tool: "pointer" }) as const;

test("a board is shown while someone draws or points, and not a minute later", () => {
  const board = new RecordedBoard();
  assert.equal(board.shown(0), undefined);
  board.heard(pointer("w"), 0);
  assert.equal(board.shown(0), undefined, "nothing is on it yet");
  board.heard(elements("w", element("a", 1)), 1000);
  assert.equal(board.shown(60_999)?.length, 1);
  assert.equal(board.shown(61_000), undefined);
  board.heard(pointer("w"), 70_000);
  assert.equal(board.shown(70_000)?.length, 1);
});

test("the newest of each element stays, and another board begins anew", () => {
  const board = new RecordedBoard();
  board.heard(elements("w", element("a", 2), element("b", 1)), 0);
  board.heard(elements("w", element("a", 1), element("b", 2)), 0);
  assert.deepEqual(
    board.shown(0)?.map(({ version }) => version),
    [2, 2],
  );
  board.heard(elements("other", element("c", 1)), 0);
  assert.deepEqual(
    board.shown(0)?.map(({ id }) => id),
    ["c"],
  );
});
