import assert from "node:assert/strict";
import { test } from "node:test";
import { gridColumns, stripTiles } from "./gridColumns.ts";

test("tiles are as large as they can be", () => {
  assert.equal(gridColumns(1, 1600, 900), 1);
  assert.equal(gridColumns(4, 1600, 900), 2);
  assert.equal(gridColumns(2, 1600, 900), 2);
  assert.equal(gridColumns(2, 390, 800), 1);
  assert.equal(gridColumns(6, 390, 800), 1);
  assert.equal(gridColumns(10, 390, 800), 2);
  assert.equal(gridColumns(3, 0, 0), 1);
});

test("a strip has as many tiles as fit, and always one", () => {
  assert.equal(stripTiles(5 * 124 + 4 * 8 + 36), 5);
  assert.equal(stripTiles(5 * 124 + 4 * 8 + 35), 4);
  assert.equal(stripTiles(0), 1);
});
