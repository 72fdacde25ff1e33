import assert from "node:assert/strict";
import { test } from "node:test";
import { joinCode } from "./joinCode.ts";

const code = "k3mf-9x2c-7tqa-0dvn-8hwz";

test("finds the code alone and at the end of a link", () => {
  for (const text of [
    code,
    ` ${code.toUpperCase()}\n`,
    `https://meet.example.org/join/${code}/`,
    `/join/${code}?a#b`,
  ]) {
    assert.equal(joinCode(text), code, text);
  }
});

test("finds no code in other texts", () => {
  for (const text of ["", "k3mf-9x2c", `${code}-abcd`, "https://meet.example.org/"]) {
    assert.equal(joinCode(text), undefined, text);
  }
});
