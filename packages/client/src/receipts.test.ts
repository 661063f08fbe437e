import { expect, test } from "vitest";
import { readReceiptKeys } from "./receipts.ts";

test("what is no keys is told of in words", () => {
  for (const answer of [null, "", { error: "not found" }, { keys: [{ kty: "RSA" }] }])
    expect(() => readReceiptKeys(answer)).toThrow("give the JSON that /.well-known/jwks.json answers");
});
