import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";
import { createWorld, openSockets, writeChat } from "../testing/world.ts";

describe("what operators ask", () => {
  let api: TestApi;
  beforeEach(async () => {
    api = await startTestApi();
  });
  afterEach(() => api.stop());
  const get = (path: string) => fetch(`${api.baseUrl}${path}`);

  it("is alive and ready until it begins to stop", async () => {
    expect([(await get("/livez")).status, (await get("/readyz")).status]).toEqual([200, 200]);
    api.beginStopping();
    expect([(await get("/livez")).status, (await get("/readyz")).status]).toEqual([200, 503]);
  });

  it("tells its version", async () => {
    expect(await (await get("/version")).json()).toEqual({
      name: "lethe",
      version: "0.0.0-test",
      started_at: api.services.startedAt.toISOString(),
    });
  });

  it("counts requests by route template and deletions by outcome", async () => {
    const { context, keys } = await createWorld(api.db);
    const free = await writeChat(context);
    const busy = await writeChat(context);
    await openSockets(context, busy.id, 1);
    for (const id of [free.id, free.id, busy.id])
      await fetch(`${api.baseUrl}/api/v1/chats/${id}`, {
        method: "DELETE",
        headers: { "X-API-Key": keys.all },
      });
    await get("/no/such/place");
    const input = encodeURIComponent(JSON.stringify({ 0: {} }));
    for (const calls of ["chat.list", "chat.list,settings.get", "no.such", "constructor"])
      await fetch(`${api.baseUrl}/api/trpc/${calls}?batch=1&input=${input}`, {
        headers: { "X-API-Key": keys.all },
      });

    const response = await get("/metrics");
    const metrics = await response.text();
    expect(response.headers.get("content-type")).toContain("text/plain");
    expect(metrics).toContain('lethe_chat_deletes_total{outcome="deleted"} 1');
    expect(metrics).toContain('lethe_chat_deletes_total{outcome="chat_not_found"} 1');
    expect(metrics).toContain('lethe_chat_deletes_total{outcome="active_connections"} 1');
    expect(metrics).toMatch(/_count\{method="DELETE",route="\/api\/v1\/chats\/:chat_id",status="404"\} 1/);
    const called = metrics.matchAll(/_count\{method="GET",route="\/api\/trpc\/(.+)",status="(.+)"\} (\d)/g);
    expect([...called].map(([_, ...what]) => what.join(" ")).toSorted()).toEqual([
      "* 200 1",
      "* 404 2",
      "chat.list 200 1",
    ]);
    expect(metrics).toContain("process_cpu_seconds_total");
    expect(metrics).not.toContain(free.id);
    expect(metrics).not.toContain("/no/such/place");
    for (const spelling of ["/metrics/", "/%6Detrics"])
      expect((await get(spelling)).status, spelling).toBe(404);
  });

  it("shows figures to nobody without the token, where there is one", async () => {
    const token = "one-that-nobody-guesses";
    const guarded = await startTestApi(undefined, { metricsToken: token });
    onTestFinished(() => guarded.stop());
    const scrape = (authorization: string | undefined) =>
      fetch(`${guarded.baseUrl}/metrics`, {
        headers: authorization === undefined ? {} : { Authorization: authorization },
      });
    for (const wrong of [
      undefined,
      "",
      token,
      `Basic ${token}`,
      "Bearer",
      `Bearer ${token}x`,
      "Bearer one",
    ]) {
      const refused = await scrape(wrong);
      expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([
        401,
        'Bearer realm="lethe metrics"',
      ]);
      expect(await refused.text()).toContain("LETHE_METRICS_TOKEN");
    }
    for (const right of [`Bearer ${token}`, `bearer  ${token}`]) {
      const shown = await scrape(right);
      expect([shown.status, await shown.text()]).toEqual([
        200,
        expect.stringContaining("process_cpu_seconds"),
      ]);
    }
  });
});
