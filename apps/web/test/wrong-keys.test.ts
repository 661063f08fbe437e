import { scopes } from "@lethe/core";
import { describe, expect, it } from "vitest";
import { tryLive } from "./support/open-live.ts";
import { useStage } from "./support/stage.ts";

const most = 4;
/** Tests are the proxy in front: each has addresses of its own. */
const stage = useStage({ environment: { LETHE_MAX_WRONG_KEYS: String(most), LETHE_TRUST_PROXY: "1" } });

type Answer = { status: number; body: string; retryAfter: string | null | undefined };
/** Comes with a key from an address, in one of the ways that there are. */
type Come = (apiKey: string, forwardedFor: string) => Promise<Answer>;

const ask = async (path: string, init: RequestInit): Promise<Answer> => {
  const leaving = new AbortController();
  const answer = await fetch(`${stage.server().url}${path}`, { ...init, signal: leaving.signal });
  const retryAfter = answer.headers.get("retry-after");
  if (!answer.headers.get("content-type")?.startsWith("text/event-stream"))
    return { status: answer.status, body: await answer.text(), retryAfter };
  let body = "";
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    body += chunk;
    if (body.includes("resync") || body.includes('"httpStatus"')) break;
  }
  leaving.abort();
  const status = Number(/"httpStatus":(\d+)/.exec(body)?.[1] ?? answer.status);
  return { status, body, retryAfter: /"retry_after":(\d+)/.exec(body)?.[1] };
};
const withKey =
  (path: string): Come =>
  (apiKey, from) =>
    ask(path, { headers: { "X-API-Key": apiKey, "X-Forwarded-For": from } });

const ways: [string, Come][] = [
  ["REST", withKey("/api/v1/chats")],
  ["tRPC", withKey("/api/trpc/chat.list?input=%7B%7D")],
  ["an event stream", withKey("/api/trpc/events.subscribe")],
  [
    "signing in",
    (apiKey, from) =>
      ask("/api/session", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Forwarded-For": from },
        body: JSON.stringify({ api_key: apiKey }),
      }),
  ],
  [
    "a WebSocket",
    async (apiKey, from) => {
      const headers = { "X-API-Key": apiKey, "X-Forwarded-For": from };
      const live = await tryLive(stage.server().url, await stage.caller().createChat(), { headers });
      if ("status" in live) return { ...live, retryAfter: live.headers["retry-after"] };
      await live.leave();
      return { status: 200, body: "", retryAfter: null };
    },
  ],
];

const guess = () => `lethe_guess000_${crypto.randomUUID()}`;
const newKey = () => stage.createKey([...scopes]);

describe.each(ways.map(([name, come], n) => ({ name, come, n })))("over $name", ({ come, n }) => {
  it("wrong keys are slowed for the address that sends them, and nobody else", async () => {
    const [attacker, other, forged] = [`192.0.2.${n}`, `198.51.100.${n}`, `203.0.113.${n}`];
    const [used, unused] = [await newKey(), await newKey()];
    expect((await come(used, attacker)).status).toBeLessThan(300);
    // What a client says of itself stands on the left of what the proxy says of it.
    for (let tries = 0; tries < most; tries += 1)
      expect((await come(guess(), `${forged}, ${attacker}`)).status).toBe(401);
    const refused = await come(guess(), `${forged}, ${attacker}`);
    expect(refused.status).toBe(429);
    expect(refused.body).toContain("too_many_wrong_keys");
    expect(Number(refused.retryAfter)).toBeGreaterThan(0);

    expect((await come(used, attacker)).status).toBeLessThan(300);
    expect((await come(unused, attacker)).status).toBe(429);
    expect((await come(unused, other)).status).toBeLessThan(300);
    expect((await come(unused, attacker)).status).toBeLessThan(300);
    expect((await come(guess(), forged)).status).toBe(401);
    // One customer has a /64 of IPv6, and could have an address for every guess.
    const network = `2001:db8:0:${n}`;
    for (let tries = 0; tries < most; tries += 1)
      expect((await come(guess(), `${network}::${tries}`)).status).toBe(401);
    expect((await come(guess(), `[${network}:0:ffff:0:1]:4711`)).status).toBe(429);
  });
});

it("counts sessions that are none, and says so to operators", async () => {
  const come = (token: string) =>
    ask("/api/trpc/chat.list?input=%7B%7D", {
      headers: { Cookie: `lethe_session=${token}`, "X-Forwarded-For": "192.0.2.99" },
    });
  for (let tries = 0; tries < most; tries += 1) expect((await come(guess())).status).toBe(401);
  expect((await come(guess())).status).toBe(429);
  const metrics = await (await fetch(`${stage.server().url}/metrics`)).text();
  expect(metrics).toMatch(/lethe_refused_total\{reason="too_many_wrong_keys",whose="address"\} [1-9]/);
});
