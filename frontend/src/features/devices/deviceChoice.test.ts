import assert from "node:assert/strict";
import { test } from "node:test";
import { initial, suppressesNoise, withNoiseSuppressed } from "./deviceChoice.ts";

test("noise is taken out unless someone chose otherwise, for each microphone by itself", () => {
  const built = { ...initial, microphoneId: "built-in" };
  assert.equal(suppressesNoise(built), true);
  const noisy = { ...built, ...withNoiseSuppressed(built, false) };
  assert.equal(suppressesNoise(noisy), false);
  const headset = { ...noisy, microphoneId: "headset" };
  assert.equal(suppressesNoise(headset), true);
  assert.deepEqual(withNoiseSuppressed(headset, false), { noisyMicrophones: ["built-in", "headset"] });
  assert.deepEqual(withNoiseSuppressed(noisy, true), { noisyMicrophones: [] });
});
