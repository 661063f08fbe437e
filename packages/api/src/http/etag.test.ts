import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { etagOf, parseIfMatch } from "./etag.ts";

describe("parseIfMatch", () => {
  it.each([
    [undefined, undefined],
    ["*", undefined],
    [" * ", undefined],
    ['"3"', [3]],
    ['"3", "4"', [3, 4]],
    ['"3","4"\t,"3"', [3, 4]],
    [', "3" ,, ', [3]],
    ['W/"3"', []],
    ['W/"3", "4"', [4]],
    ['"a,b", "7"', [7]],
    ['"03"', []],
    ['"0"', []],
    ['"-1"', []],
    ['""', []],
    ['"99999999999999999999"', []],
    ['"2147483648"', []],
    ['"2147483647"', [2_147_483_647]],
  ])("reads %j as %j", (header, versions) => {
    expect(parseIfMatch(header)).toEqual(versions);
  });

  it.each([
    "",
    " ",
    ",",
    "3",
    '"3',
    '3"',
    "W/3",
    'w/"3"',
    '"3" "4"',
    '*, "3"',
    '"3", *',
    '"a b"',
    `"${"x".repeat(5_000)}"`,
  ])("refuses %j", (header) => {
    expect(() => parseIfMatch(header)).toThrowError(/^If-Match must be/);
  });

  it("matches what etagOf made, wherever it stands in a list", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 2_147_483_647 }), { minLength: 1, maxLength: 20 }),
        (versions) => {
          expect(parseIfMatch(versions.map(etagOf).join(", "))).toEqual([...new Set(versions)]);
        },
      ),
    );
  });

  it("answers or refuses any header, and never hangs on one", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', ",", " ", "W", "/", "1", "*", "\t", "é"), maxLength: 300 }),
        (header) => {
          try {
            const versions = parseIfMatch(header);
            expect(versions === undefined || versions.every(Number.isInteger)).toBe(true);
          } catch (error) {
            expect(error).toMatchObject({ code: "BAD_REQUEST" });
          }
        },
      ),
    );
  });
});
