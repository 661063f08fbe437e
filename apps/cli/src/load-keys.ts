import { readFile } from "node:fs/promises";
import { type ReceiptKeys, receiptKeysSchema } from "@lethe/receipts";
import { CommandError, exitCodes } from "./output.ts";
import { withStore } from "./with-store.ts";

const timeoutMs = 10_000;
const path = "/.well-known/jwks.json";

/** Where the public keys come from: a file, a Lethe, or (neither) the database of the environment. */
export type KeySource = { jwks?: string; url?: string };

/** The keys that receipts are checked with. Throws CommandError when they cannot be had. */
export async function loadKeys({ jwks, url }: KeySource): Promise<ReceiptKeys> {
  if (jwks !== undefined) {
    const text = await readFile(jwks, "utf8").catch((error: Error) => {
      throw new CommandError(`${jwks} cannot be read: ${error.message}`, exitCodes.usage);
    });
    return parseKeys(text, jwks);
  }
  if (url !== undefined) return parseKeys(await fetchKeys(new URL(path, url)), url);
  const { listPublicKeys } = await import("@lethe/core/receipts/signing-keys");
  return { keys: await withStore(async ({ db }) => (await listPublicKeys(db)).map(({ jwk }) => jwk)) };
}

async function fetchKeys(address: URL): Promise<string> {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(timeoutMs) });
    if (answer.ok) return await answer.text();
    throw new CommandError(`${address} answered ${answer.status}. Is that a Lethe?`);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(`${address} does not answer: ${reason}`);
  }
}

function parseKeys(text: string, source: string): ReceiptKeys {
  try {
    return receiptKeysSchema.parse(JSON.parse(text));
  } catch {
    throw new CommandError(`${source} has no keys of receipts: it must be what ${path} answers`);
  }
}
