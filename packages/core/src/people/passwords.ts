import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { LetheError } from "../errors.ts";
import { Gate } from "../gate.ts";

/** What scrypt costs (OWASP's Password Storage Cheat Sheet): 32 MiB, some 0.2 s of a processor. */
const cost = { ln: 15, r: 8, p: 3 };
/** As a stored hash may say; whoever can write one could have it cost more than there is. */
const highestCost = { ln: 17, r: 8, p: 5 };
const length = { salt: 16, hash: 32 };

/** How many a process reckons at a time: each holds a thread and 32 MiB. */
const gate = new Gate({
  places: 2,
  queue: { length: 100, waitMs: 10_000 },
  refusal: () =>
    new LetheError("SERVICE_UNAVAILABLE", "unavailable", "Too many are signing in at once; try again", {
      retryAfter: 2,
    }),
});

/**
 * What is stored of a password: `$scrypt$ln=15,r=8,p=3$<salt>$<hash>` (PHC string format). It is compared in the
 * normal form NFKC (NIST SP 800-63B, 3.1.1.2), as keyboards differ.
 *
 * Throws SERVICE_UNAVAILABLE where too many are waiting.
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(length.salt);
  const hash = await derive(password, salt, cost);
  return `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${base64(salt)}$${base64(hash)}`;
}

const format = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/]{22})\$([\w+/]{43})$/;

/** Whether a stored hash is that of the password. Throws SERVICE_UNAVAILABLE where too many are waiting. */
export async function verifyPassword({
  hash,
  password,
}: {
  hash: string;
  password: string;
}): Promise<boolean> {
  const [, ln, r, p, salt = "", stored = ""] = format.exec(hash) ?? [];
  const given = { ln: Number(ln), r: Number(r), p: Number(p) };
  const isKnown = given.ln <= highestCost.ln && given.r <= highestCost.r && given.p <= highestCost.p;
  if (!isKnown) throw new Error("A stored password is not of a form that this version knows");
  const derived = await derive(password, Buffer.from(salt, "base64"), given);
  return timingSafeEqual(derived, Buffer.from(stored, "base64"));
}

function derive(password: string, salt: Buffer, { ln, r, p }: typeof cost): Promise<Buffer> {
  const options = { N: 2 ** ln, r, p, maxmem: 2 * 128 * 2 ** ln * r };
  return gate.run("passwords", () => {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    scrypt(password.normalize("NFKC"), salt, length.hash, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
    return promise;
  });
}

const base64 = (bytes: Buffer): string => bytes.toString("base64").replaceAll("=", "");
