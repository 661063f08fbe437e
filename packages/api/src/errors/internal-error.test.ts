import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Entrance } from "../testing/caller.ts";
import { restEntrance } from "../testing/rest-caller.ts";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";
import { trpcEntrance } from "../testing/trpc-caller.ts";
import { createWorld, type World, writeChat } from "../testing/world.ts";

/** The database itself fails, in a way that nobody foresaw. */
const sabotage = `
  CREATE FUNCTION sabotage() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'the inside: %', OLD.title USING HINT = 'a secret hint'; END $$`;
const trigger =
  "CREATE TRIGGER sabotage BEFORE DELETE OR UPDATE ON chat FOR EACH ROW EXECUTE FUNCTION sabotage()";

describe("a failure that nobody foresaw", () => {
  let api: TestApi;
  let world: World;
  beforeAll(async () => {
    api = await startTestApi();
    world = await createWorld(api.db);
    await api.db.$executeRawUnsafe(sabotage);
    await api.db.$executeRawUnsafe(trigger);
  });
  afterAll(() => api.stop());

  it.each([
    ["REST", restEntrance],
    ["tRPC", trpcEntrance],
  ])(
    "says nothing of the inside over %s, and leaves everything in the log",
    async (_, entrance: Entrance) => {
      const { id, title } = await writeChat(world.context, { title: "Words nobody else may read" });
      for (const operation of ["chat.delete", "chat.rename"] as const) {
        const input = { chat_id: id, ...(operation === "chat.rename" && { title: "New" }) };
        const outcome = await entrance(api.baseUrl).call(operation, input, world.keys.all);
        expect(outcome).toMatchObject({ status: 500, body: { code: "internal_error" }, retryAfter: null });
        const told = JSON.stringify(outcome.body);
        for (const inside of [
          title,
          "the inside",
          "secret hint",
          "sabotage",
          "prisma",
          "delete_chat",
          ".ts",
          "stack",
        ])
          expect(told).not.toContain(inside);
        const logged = api.logs
          .filter((line) => line.includes(`"request_id":"${outcome.requestId}"`))
          .join("\n");
        expect(logged).toContain("the inside");
        expect(logged).toContain('"level":50');
        expect(logged).toContain("stack");
      }
    },
  );

  it("leaves the chat as it was", async () => {
    const { id } = await writeChat(world.context, { title: "Whole" });
    const rest = restEntrance(api.baseUrl);
    await rest.call("chat.delete", { chat_id: id }, world.keys.all);
    expect(await rest.call("chat.byId", { chat_id: id }, world.keys.all)).toMatchObject({
      status: 200,
      body: { title: "Whole", message_count: 0 },
    });
    expect(await api.db.deletion.count()).toBe(0);
  });
});
