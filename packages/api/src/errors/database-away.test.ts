import { startTestServer } from "@lethe/db/testing";
import { expect, inject, it } from "vitest";
import { restEntrance } from "../testing/rest-caller.ts";
import { startTestApi } from "../testing/start-test-api.ts";
import { trpcEntrance } from "../testing/trpc-caller.ts";
import { createWorld, writeChat } from "../testing/world.ts";

it("answers 503 with Retry-After while PostgreSQL is gone, by every entrance, and says nothing of it", async () => {
  const server = await startTestServer({ copyOf: inject("databaseSeed") });
  const api = await startTestApi(server.url);
  try {
    const { context, keys } = await createWorld(api.db);
    const { id } = await writeChat(context);
    await server.stop();
    for (const entrance of [restEntrance, trpcEntrance]) {
      const caller = entrance(api.baseUrl);
      const outcome = await caller.call("chat.delete", { chat_id: id }, keys.all);
      expect(outcome, caller.name).toMatchObject({ status: 503, body: { code: "unavailable" } });
      expect(outcome.retryAfter).toBe("2");
      expect(JSON.stringify(outcome.body)).not.toMatch(/127\.0\.0\.1|prisma|postgres|ECONN|P1001/i);
      expect(api.logs.join("")).toContain(outcome.requestId);
    }
  } finally {
    await api.stop().catch(() => {});
  }
});
