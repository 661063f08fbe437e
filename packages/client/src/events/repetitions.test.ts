import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { createWorld, startTestApi, type TestApi } from "@lethe/api/testing";
import { expect, onTestFinished, test } from "vitest";
import { createLetheClient } from "../create-lethe-client.ts";

/** A way to the API that can be cut. */
async function startCuttable(api: TestApi): Promise<{ url: string; cut: () => void }> {
  const sockets = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(Number(new URL(api.baseUrl).port), "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on("error", () => to.destroy()).on("close", () => to.destroy());
    }
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  onTestFinished(() => {
    cut();
    proxy.close();
  });
  const address = proxy.address();
  if (typeof address !== "object" || address === null) throw new Error("The proxy has no port");
  return { url: `http://127.0.0.1:${address.port}`, cut };
}

test("a program is told each event once, though a resumed stream tells some again", async () => {
  const api = await startTestApi();
  onTestFinished(() => api.stop());
  const { context, keys } = await createWorld(api.db);
  const { url, cut } = await startCuttable(api);
  const told: string[] = [];
  const { events } = createLetheClient({ url, apiKey: keys.all });
  const subscription = events.subscribe.subscribe(undefined, { onData: ({ data }) => told.push(data.type) });
  onTestFinished(() => subscription.unsubscribe());
  await expect.poll(() => told).toEqual(["resync"]);

  const { tenantId } = context;
  const event = (type: string) => ({
    tenantId,
    type,
    jobId: crypto.randomUUID(),
    deletionId: crypto.randomUUID(),
  });
  // The second is written while the first is not committed, so that a stream resumes before both after it.
  const { promise: both, resolve } = Promise.withResolvers<void>();
  const first = api.db.$transaction(async (tx) => {
    await tx.event.create({ data: event("deletion_job.finished") });
    await api.db.$transaction(async (other) => {
      await other.event.create({ data: { ...event("deletion.erased"), chatId: crypto.randomUUID() } });
      resolve();
    });
  });
  await Promise.all([both, first]);
  await expect.poll(() => told).toHaveLength(3);
  cut();
  await api.db.event.create({ data: event("deletion_job.finished") });
  await expect.poll(() => told.length).toBe(4);
  expect(told.toSorted()).toEqual([
    "deletion.erased",
    "deletion_job.finished",
    "deletion_job.finished",
    "resync",
  ]);
});
