import fc from "fast-check";
import { expect, it } from "vitest";
import { headerValue } from "../testing/arbitrary-requests.ts";
import { readIdempotencyKey } from "./run-once.ts";

const printable = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
  maxLength: 255,
});

it("reads every string that can be written in double quotes", () => {
  fc.assert(
    fc.property(printable, (key) => {
      expect(readIdempotencyKey(`"${key.replaceAll(/["\\]/g, "\\$&")}"`)).toBe(key);
    }),
  );
});

it("reads any header, or refuses it by name", () => {
  fc.assert(
    fc.property(headerValue, (value) => {
      try {
        expect(readIdempotencyKey(value)).toMatch(/^[\x20-\x7e]{1,255}$/);
      } catch (error) {
        expect(error).toMatchObject({
          code: "BAD_REQUEST",
          message: expect.stringContaining("Idempotency-Key"),
        });
      }
    }),
  );
});
