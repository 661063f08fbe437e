import { expect, it } from "vitest";
import { sharedBuffers } from "./spawn-postmaster.ts";

const gib = 1_024 ** 3;

it.each([
  [gib / 2, "128MB"],
  [gib, "128MB"],
  [4 * gib, "512MB"],
  [6 * gib + 1, "768MB"],
  [8 * gib, "1024MB"],
  [1_000 * gib, "1024MB"],
])("is an eighth of %i bytes, within bounds", (memory, buffers) => {
  expect(sharedBuffers(memory)).toBe(buffers);
});

it("is something on this machine too", () => {
  expect(sharedBuffers()).toMatch(/^\d{3,4}MB$/);
});
