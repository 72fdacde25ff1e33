import assert from "node:assert/strict";
import { test } from "node:test";
import { browserFamily, deviceFailure } from "./deviceFailure.ts";

const error = (name: string, message = "") => Object.assign(new Error(message), { name });

test("each error of getUserMedia has its reason", () => {
  assert.equal(deviceFailure(error("NotAllowedError", "Permission denied")), "denied");
  assert.equal(deviceFailure(error("NotAllowedError", "Permission denied by system")), "deniedBySystem");
  assert.equal(deviceFailure(error("NotReadableError", "Could not start video source")), "inUse");
  assert.equal(deviceFailure(error("NotFoundError")), "notFound");
  assert.equal(deviceFailure(error("OverconstrainedError")), "notFound");
  assert.equal(deviceFailure(error("TypeError")), "unknown");
  assert.equal(deviceFailure(undefined), "unknown");
});

test("browsers are told apart", () => {
  const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
  assert.equal(browserFamily(chrome), "chrome");
  assert.equal(browserFamily("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"), "firefox");
  const safari = "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15";
  assert.equal(browserFamily(safari), "safari");
});
