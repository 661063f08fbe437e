import type { IncomingHttpHeaders } from "node:http";
import { expect, test } from "vitest";
import { createLetheClient } from "./create-lethe-client.ts";
import type { IssuedToken } from "./credentials.ts";
import { toLetheError } from "./lethe-error.ts";
import { createLetheRest } from "./rest.ts";
import { createSigner } from "./signer.ts";
import { serve } from "./testing/serve.ts";

const hour = 3_600_000;
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

/** Never answers. */
const silence = () => new Promise<never>(() => undefined);

const statusOf = ({ response }: { response: Response }) => response.status;

/** A server that takes the tokens that `isGood` says; answers its address and the headers of each call. */
async function takeTokens(isGood: (token: string) => boolean = () => true) {
  const calls: IncomingHttpHeaders[] = [];
  const url = await serve((request, response) => {
    calls.push(request.headers);
    const good = isGood(request.headers.authorization?.slice("Bearer ".length) ?? "");
    response.statusCode = good ? 200 : 401;
    response.setHeader("content-type", "application/json");
    response.end(good ? '{"data":[]}' : '{"code":"invalid_credentials"}');
  });
  return { url, calls };
}

/** Issues t1, t2 and so on, each for so long. */
function issuing(lifetime: number) {
  let issued = 0;
  const token = async (): Promise<IssuedToken> => ({ token: `t${++issued}`, expires_at: inMs(lifetime) });
  return { token, count: () => issued };
}

test("one token signs all calls while it is good, those that wait for it too", async () => {
  const { url, calls } = await takeTokens();
  const { token, count } = issuing(hour);
  const rest = createLetheRest({ url, token, headers: { "x-trace": "7" } });
  await Promise.all([rest.GET("/api/v1/chats"), rest.GET("/api/v1/chats")]);
  await rest.GET("/api/v1/chats");
  expect(calls.map(({ authorization }) => authorization)).toEqual(["Bearer t1", "Bearer t1", "Bearer t1"]);
  expect([count(), calls[0]?.["x-trace"]]).toEqual([1, "7"]);
});

test("a token that ends soon is replaced before", async () => {
  const { url, calls } = await takeTokens();
  const rest = createLetheRest({ url, token: issuing(10_000).token });
  await rest.GET("/api/v1/chats");
  await rest.GET("/api/v1/chats");
  expect(calls.map(({ authorization }) => authorization)).toEqual(["Bearer t1", "Bearer t2"]);
});

test("a call whose token is refused is sent once more, whole, with another", async () => {
  const { url, calls } = await takeTokens((token) => token === "t2");
  const rest = createLetheRest({ url, token: issuing(hour).token });
  const { response } = await rest.POST("/api/v1/chats", { body: { title: "An invoice" } });
  expect([response.status, calls.map((call) => call["content-length"])]).toEqual([200, ["22", "22"]]);
});

test("however many calls a token is refused for, it is replaced once", async () => {
  const { url, calls } = await takeTokens((token) => token === "t2");
  const { token, count } = issuing(hour);
  const rest = createLetheRest({ url, token });
  const answers = await Promise.all(Array.from({ length: 20 }, () => rest.GET("/api/v1/chats")));
  expect(answers.map(({ response }) => response.status)).toEqual(Array(20).fill(200));
  expect([count(), calls.length]).toEqual([2, 40]);
});

test("a call that is refused with any token is refused", async () => {
  const { url, calls } = await takeTokens(() => false);
  const rest = createLetheRest({ url, token: issuing(hour).token });
  expect((await rest.GET("/api/v1/chats")).error?.code).toBe("invalid_credentials");
  expect(calls).toHaveLength(2);
});

test("where no token was to be had the call fails, and the next one asks again", async () => {
  const { url } = await takeTokens();
  const { token } = issuing(hour);
  const answers = [() => Promise.reject(new Error("signed out")), token];
  const rest = createLetheRest({ url, token: () => (answers.shift() ?? token)() });
  await expect(rest.GET("/api/v1/chats")).rejects.toThrow("signed out");
  expect((await rest.GET("/api/v1/chats")).response.status).toBe(200);
});

test("where no token comes in time the call fails, and the next one asks again", async () => {
  const { url } = await takeTokens();
  const lateFirst = () => {
    const answers = [silence];
    return { url, timeout: 50, token: () => (answers.shift() ?? issuing(hour).token)() };
  };
  const rest = createLetheRest(lateFirst());
  await expect(rest.GET("/api/v1/chats")).rejects.toMatchObject({ name: "TimeoutError" });
  // On a busy machine a call takes longer than that too, with a token.
  await expect.poll(() => rest.GET("/api/v1/chats").then(statusOf, () => undefined)).toBe(200);

  const client = createLetheClient(lateFirst());
  const failed = client.chat.trash.mutate({ chat_id: "c" }).catch(toLetheError);
  expect(await failed).toMatchObject({ code: "TIMEOUT" });

  // Streams and sockets have no time of their own.
  const signer = createSigner(lateFirst(), 50);
  await expect(signer.token()).rejects.toThrow("`token` did not answer within 50 ms");
  expect(await signer.token()).toBe("t1");
});

test("a call that is given up waits for no token, and others go on waiting for it", async () => {
  const { url } = await takeTokens();
  const issued = Promise.withResolvers<IssuedToken>();
  const rest = createLetheRest({ url, token: () => issued.promise });
  const other = rest.GET("/api/v1/chats");
  const impatient = new AbortController();
  const given = rest.GET("/api/v1/chats", { signal: impatient.signal });
  impatient.abort();
  await expect(given).rejects.toMatchObject({ name: "AbortError" });
  issued.resolve({ token: "t", expires_at: inMs(hour) });
  expect((await other).response.status).toBe(200);
});

test("what is no token is told of, and not sent", async () => {
  const { url, calls } = await takeTokens();
  const rest = createLetheRest({ url, token: () => JSON.parse('{"code":"unauthorized"}') });
  await expect(rest.GET("/api/v1/chats")).rejects.toThrow("`token` answered none");
  expect(calls).toEqual([]);
});

test("what keeps its token itself is asked before each call", async () => {
  const { url, calls } = await takeTokens();
  const tokens = ["a", "b"];
  const rest = createLetheRest({ url, token: () => tokens.shift() ?? "c" });
  await rest.GET("/api/v1/chats");
  await rest.GET("/api/v1/chats");
  expect(calls.map(({ authorization }) => authorization)).toEqual(["Bearer a", "Bearer b"]);
});

test("calls over tRPC are signed the same way", async () => {
  const { url, calls } = await takeTokens();
  const client = createLetheClient({ url, token: issuing(hour).token });
  await client.chat.list.query({}).catch(() => undefined);
  await client.chat.trash.mutate({ chat_id: "c" }).catch(() => undefined);
  expect(calls.map(({ authorization }) => authorization)).toEqual(["Bearer t1", "Bearer t1"]);
});
