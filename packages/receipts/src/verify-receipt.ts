import { decodeProtectedHeader } from "jose/decode/protected_header";
import * as errors from "jose/errors";
import { createLocalJWKSet } from "jose/jwks/local";
import { type CompactVerifyGetKey, compactVerify } from "jose/jws/compact/verify";
import type { z } from "zod";
import { type Receipt, type ReceiptKeys, receiptSchema, receiptType } from "./receipt.ts";
import { type TenantReceipt, tenantReceiptSchema, tenantReceiptType } from "./tenant-receipt.ts";

/**
 * Why it proves nothing. `unsupported`: this platform cannot tell, because it has no Ed25519 (Web Crypto), as
 * browsers on pages without TLS.
 */
export type ReceiptFault = "malformed" | "not_a_receipt" | "unknown_key" | "bad_signature" | "unsupported";

type Verdict<Of> =
  | { valid: true; receipt: Of; kid: string }
  | { valid: false; fault: ReceiptFault; message: string };
export type ReceiptVerdict = Verdict<Receipt>;
export type TenantReceiptVerdict = Verdict<TenantReceipt>;

const messages: Record<ReceiptFault, string> = {
  malformed: "This is no compact JWS: three parts of base64url with dots between them",
  not_a_receipt:
    "This is a JWS, but no receipt of the kind that is asked for, or of a later version of Lethe",
  unknown_key: "None of the keys has signed it: it comes from another Lethe, or the keys are older than it",
  bad_signature: "The signature is not that of its key: it was changed or forged",
  unsupported: "Ed25519 is not available here. In browsers it needs https or localhost, and a recent version",
};

/**
 * Checks a receipt against public keys, offline: in any browser and in Node. It never throws.
 *
 * @param jws the receipt, as an answer has it; white space around it does not matter
 * @param keys what `/.well-known/jwks.json` of the Lethe in question has answered
 */
export const verifyReceipt = (jws: string, keys: ReceiptKeys): Promise<ReceiptVerdict> =>
  verify(jws, keys, receiptType, receiptSchema);

/** The same for the receipt of a tenant that has left. */
export const verifyTenantReceipt = (jws: string, keys: ReceiptKeys): Promise<TenantReceiptVerdict> =>
  verify(jws, keys, tenantReceiptType, tenantReceiptSchema);

/** What a text says that it is a receipt for, unverified; undefined: for nothing. */
export function typeOfReceipt(jws: string): "chat" | "tenant" | undefined {
  const [header = ""] = jws.trim().split(".", 1);
  try {
    const { typ } = decodeProtectedHeader(`${header}..`);
    return typ === receiptType ? "chat" : typ === tenantReceiptType ? "tenant" : undefined;
  } catch {
    return undefined;
  }
}

async function verify<Schema extends z.ZodType>(
  jws: unknown,
  keys: ReceiptKeys,
  type: string,
  schema: Schema,
): Promise<Verdict<z.output<Schema>>> {
  // An answer's receipt may be null.
  if (typeof jws !== "string") return faulty("malformed");
  try {
    const { payload, protectedHeader } = await compactVerify(jws.trim(), keyFor(keys, type), {
      algorithms: ["EdDSA"],
    });
    const receipt = schema.safeParse(parseJson(payload));
    if (!receipt.success || protectedHeader.kid === undefined) return faulty("not_a_receipt");
    return { valid: true, receipt: receipt.data, kid: protectedHeader.kid };
  } catch (error) {
    return faulty(faultOf(error));
  }
}

/** The key that a receipt names. Whatever else was signed, perhaps by the same key, gets none. */
function keyFor(keys: ReceiptKeys, type: string): CompactVerifyGetKey {
  const find = createLocalJWKSet(keys);
  return (header, jws) => {
    if (header.typ !== type || header.kid === undefined) throw new NotAReceipt();
    return find(header, jws);
  };
}

class NotAReceipt extends Error {
  override readonly name = "NotAReceipt";
}

const faulty = (fault: ReceiptFault): Verdict<never> => ({ valid: false, fault, message: messages[fault] });

function faultOf(error: unknown): ReceiptFault {
  if (error instanceof errors.JWSSignatureVerificationFailed) return "bad_signature";
  if (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JWKSInvalid
  )
    return "unknown_key";
  if (error instanceof NotAReceipt || error instanceof errors.JOSEAlgNotAllowed) return "not_a_receipt";
  if (error instanceof errors.JWSInvalid) return "malformed";
  return "unsupported";
}

/** The value of a JSON text, or undefined if it is none. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
