import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { clockOffBy } from "@lethe/db/testing";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { createCaller } from "./support/caller.ts";
import { useStage } from "./support/stage.ts";
import { startServer } from "./support/start-server.ts";

const stage = useStage({ servers: 0 });

it("dates what it answers, exports and sends by the database's clock, however far off its own is", async ({
  skip,
}) => {
  const off = await clockOffBy(-10);
  if ("missing" in off) return skip(off.missing);
  const { db, url } = stage.database();
  const server = await startServer({
    DATABASE_URL: url,
    LETHE_WEBHOOK_PRIVATE: "on",
    ...off.environment,
  });
  onTestFinished(async () => {
    await server.end("SIGTERM");
  });
  const caller = createCaller(server.url, stage.apiKey());
  const heard: IncomingHttpHeaders[] = [];
  const receiver = createServer((request, response) => {
    heard.push(request.headers);
    response.writeHead(204).end();
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  onTestFinished(() => void receiver.close());
  const address = receiver.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;

  const chatId = await caller.createChat();
  const answer = async <Shape extends z.ZodRawShape>(
    path: string,
    shape: Shape,
    method = "GET",
    body?: unknown,
  ) => z.object(shape).parse(await (await caller.send(method, path, body)).json());
  const version = await (await fetch(`${server.url}/version`)).json();
  const webhook = await answer("/webhooks", { id: z.string() }, "POST", {
    url: `http://127.0.0.1:${port}/`,
    event_types: ["chat.deleted"],
  });
  const tried = await answer(
    `/webhooks/${webhook.id}/test`,
    { last_attempt_at: z.string(), payload: z.object({ timestamp: z.string() }) },
    "POST",
  );
  const exported = await answer(`/chats/${chatId}/export?format=json`, {
    export: z.object({ exported_at: z.string() }),
  });
  const preview = await answer("/settings/retention-preview?retention_days=1", { as_of: z.string() });
  await caller.deleteChat(chatId);
  await expect.poll(() => heard.length).toBe(2);

  const [row] = z
    .tuple([z.object({ now: z.date() })])
    .parse(await db.$queryRaw`SELECT clock_timestamp() AS now`);
  const times = {
    "/version": z.object({ started_at: z.string() }).parse(version).started_at,
    "last_attempt_at of a test": tried.last_attempt_at,
    "timestamp of a test": tried.payload.timestamp,
    exported_at: exported.export.exported_at,
    as_of: preview.as_of,
    ...Object.fromEntries(
      heard.map((headers, index) => [
        `webhook-timestamp ${index}`,
        new Date(Number(headers["webhook-timestamp"]) * 1_000).toISOString(),
      ]),
    ),
  };
  const minutesOff = Object.entries(times).map(([what, time]) => [
    what,
    Math.round((Date.parse(time) - row.now.getTime()) / 60_000),
  ]);
  expect(minutesOff.filter(([, minutes]) => Math.abs(Number(minutes)) > 4)).toEqual([]);
  // Its own clock is really off.
  const ownTime = (await fetch(`${server.url}/livez`)).headers.get("date") ?? "";
  expect(Math.round((Date.parse(ownTime) - row.now.getTime()) / 60_000)).toBe(-10);
});
