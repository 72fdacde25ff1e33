import assert from "node:assert/strict";
import { test } from "node:test";
import { safeDestination } from "./safeDestination.ts";

test("a path of these pages is where the person goes", () => {
  assert.equal(safeDestination("?then=%2Faccounts%3Fpage%3D2"), "/accounts?page=2");
});

test("another site is never a destination", () => {
  for (const wished of ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]) {
    assert.equal(safeDestination(`?then=${encodeURIComponent(wished)}`), "/meetings", wished);
  }
});
