import { afterEach, describe, expect, it, vi } from "vitest";
import { codeOf, useWorld } from "../../test/world.ts";
import { createApiKey, createAuthenticator, createTenant, revokeApiKey } from "../index.ts";
import { CredentialCache } from "./authenticator.ts";
import { GuessLimiter } from "./guess-limiter.ts";
import { provenTenantId } from "./principal.ts";

const world = useWorld();
afterEach(() => void vi.restoreAllMocks());

const most = 3;
const here = () => "192.0.2.1";
const elsewhere = () => "192.0.2.2";

/** Lets time pass for what asks the monotonic clock, which timers do not. */
function movableClock() {
  const real = performance.now.bind(performance);
  let ahead = 0;
  vi.spyOn(performance, "now").mockImplementation(() => real() + ahead);
  return (ms: number) => {
    ahead += ms;
  };
}

/** What counts up to `most` a minute under a name. */
function counting() {
  const pass = movableClock();
  const counts = new Map<string, number>();
  const refused = vi.fn();
  return {
    pass,
    wrongKeys: {
      onRefused: refused,
      consume: async (name: string) => {
        const count = (counts.get(name) ?? 0) + 1;
        counts.set(name, count);
        return { allowed: count <= most, remaining: Math.max(0, most - count), resetSeconds: 60 };
      },
    },
    refused,
    /** A minute passes. */
    passMinute: () => {
      counts.clear();
      pass(60_000);
    },
  };
}

async function newKey() {
  const { tenantId } = await createTenant(world.db, { name: "Acme" });
  return { tenantId, ...(await createApiKey(world.db, { tenantId, name: "k" })) };
}

describe("wrong keys from one network", () => {
  const guessed = () => `lethe_guess000_${crypto.randomUUID()}`;
  const setUp = () => {
    const meter = counting();
    const auth = createAuthenticator({ db: world.db, wrongKeys: meter.wrongKeys });
    const guessOut = async () => {
      for (let n = 0; n < most; n += 1)
        expect(await codeOf(auth.apiKey(guessed(), here))).toBe("UNAUTHORIZED");
    };
    return { ...meter, auth, guessOut };
  };

  it("are refused unseen from a number on, from there only, and tell when to come again", async () => {
    const { auth, guessOut, refused } = setUp();
    await guessOut();
    const queries = vi.spyOn(world.db, "$queryRaw");
    for (const attempt of [
      auth.apiKey(guessed(), here),
      auth.session("nobodys", here),
      auth.apiKey("x".repeat(999), here),
    ])
      await expect(attempt).rejects.toMatchObject({
        code: "TOO_MANY_REQUESTS",
        reason: "too_many_wrong_keys",
        details: { retryAfter: 60 },
        message: expect.stringContaining("LETHE_MAX_WRONG_KEYS"),
      });
    expect(queries).not.toHaveBeenCalled();
    queries.mockRestore();
    expect(refused).toHaveBeenCalledTimes(3);
    expect(await codeOf(auth.apiKey(guessed(), elsewhere))).toBe("UNAUTHORIZED");
    await auth.close();
  });

  it("leave alone who was right lately, believed or asked about anew, and whoever has no address", async () => {
    const { auth, guessOut, pass } = setUp();
    const [mine, fresh] = [await newKey(), await newKey()];
    await auth.apiKey(mine.apiKey, here);
    await guessOut();
    expect(await codeOf(auth.apiKey(mine.apiKey, here))).toBe("ok");
    pass(3_001);
    expect(await codeOf(auth.apiKey(mine.apiKey, here))).toBe("ok");
    expect(await codeOf(auth.apiKey(fresh.apiKey, here))).toBe("TOO_MANY_REQUESTS");
    expect(await codeOf(auth.apiKey(fresh.apiKey))).toBe("ok");
    // And whoever was right and no longer is becomes unknown again.
    await revokeApiKey(world.db, { tenantId: mine.tenantId, id: mine.id });
    pass(3_001);
    expect(await codeOf(auth.apiKey(mine.apiKey, here))).toBe("UNAUTHORIZED");
    expect(await codeOf(auth.apiKey(mine.apiKey, here))).toBe("TOO_MANY_REQUESTS");
    await auth.close();
  });

  it("keep nobody out who waits as told, however fast somebody guesses beside it", async () => {
    const { auth, guessOut, passMinute } = setUp();
    const { apiKey } = await newKey();
    await guessOut();
    expect(await codeOf(auth.apiKey(apiKey, here))).toBe("TOO_MANY_REQUESTS");
    expect(await codeOf(auth.apiKey(apiKey, here))).toBe("TOO_MANY_REQUESTS");
    passMinute();
    await guessOut();
    for (let n = 0; n < 10; n += 1)
      expect(await codeOf(auth.apiKey(guessed(), here))).toBe("TOO_MANY_REQUESTS");
    expect(await codeOf(auth.apiKey(apiKey, here))).toBe("ok");
    await auth.close();
  });

  it("do not get there first by coming many at a time", async () => {
    const { auth } = setUp();
    const queries = vi.spyOn(world.db, "$queryRaw");
    const codes = await Promise.all(Array.from({ length: 200 }, () => codeOf(auth.apiKey(guessed(), here))));
    expect(queries.mock.calls.length).toBeLessThanOrEqual(most + 8);
    queries.mockRestore();
    expect(codes.filter((code) => code === "TOO_MANY_REQUESTS").length).toBeGreaterThanOrEqual(
      200 - most - 8,
    );
    await auth.close();
  });
});

it("push no good key out of what is remembered", async () => {
  vi.spyOn(performance, "now").mockReturnValue(1_000);
  const principal = {
    ...({ kind: "api_key", id: "i", name: "k", apiKeyId: "i", sessionId: null } as const),
    ...{ holderId: "i", role: null, scopes: [], tenantId: provenTenantId.parse("t") },
  };
  const found = { principal, expiresInMs: null };
  const find = vi.fn(async () => (find.mock.calls.length === 1 ? found : undefined));
  const cache = new CredentialCache(find, new GuessLimiter(null), 3_000);
  const nowhere = () => null;
  expect(await cache.get("good", nowhere)).toMatchObject({ id: "i" });
  for (let n = 0; n < 10_001; n += 1) await cache.get(`guess ${n}`, nowhere);
  expect(find).toHaveBeenCalledTimes(10_002);
  expect(await cache.get("good", nowhere)).toMatchObject({ id: "i" });
  expect(find).toHaveBeenCalledTimes(10_002);
});
