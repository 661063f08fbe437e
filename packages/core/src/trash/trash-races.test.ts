import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, inject, it } from "vitest";
import { codeOf, nothingButTheLedger, useWorld, vaultOf } from "../../test/world.ts";
import {
  type Context,
  createChat,
  createMessage,
  deleteChat,
  getChat,
  openConnection,
  restoreChat,
  trashChat,
} from "../index.ts";

const world = useWorld();
const rounds = inject("partitioned") ? 15 : 150;

async function twoSides(): Promise<[Context, Context]> {
  const here = await world.tenant();
  return [here, { ...here, db: world.anotherClient() }];
}

describe("connecting against trashing", () => {
  it("waits for a trashing that has begun, and is refused", async () => {
    const [here, there] = await twoSides();
    const gatewayId = await world.gateway();
    const { id: chatId } = await createChat(here, { title: "t" });
    const { promise: held, resolve: holding } = Promise.withResolvers<void>();
    const { promise: letGo, resolve: release } = Promise.withResolvers<void>();
    const trashing = there.db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM chat WHERE tenant_id = ${here.tenantId}::uuid AND id = ${chatId}::uuid FOR UPDATE`;
      await tx.$executeRaw`
        UPDATE chat SET trashed_at = now(), version = version + 1
        WHERE tenant_id = ${here.tenantId}::uuid AND id = ${chatId}::uuid`;
      holding();
      await letGo;
    });
    await held;
    const opening = codeOf(openConnection(here, { chatId, gatewayId, connectionId: randomUUID() }));
    const early = await Promise.race([opening, sleep(200, "waiting")]);
    release();
    await trashing;
    expect([early, await opening]).toEqual(["waiting", "CONFLICT"]);
    expect(await vaultOf(here, chatId)).toMatchObject({ connection: 0 });
  });

  it("comes before or is refused, in every round", async () => {
    const [here, there] = await twoSides();
    const gatewayId = await world.gateway();
    const seen = new Set<string>();
    for (let round = 0; round < rounds; round += 1) {
      const { id: chatId } = await createChat(here, { title: "t" });
      const [opened, trashed] = await Promise.all([
        sleep(round % 3).then(() =>
          codeOf(openConnection(there, { chatId, gatewayId, connectionId: randomUUID() })),
        ),
        codeOf(trashChat(here, { chatId })),
      ]);
      expect(trashed).toBe("ok");
      seen.add(opened);
      expect(await vaultOf(here, chatId)).toMatchObject({ connection: opened === "ok" ? 1 : 0 });
    }
    expect(["ok", "CONFLICT"]).toEqual(expect.arrayContaining([...seen]));
  });
});

describe("writing against trashing", () => {
  it("comes before, and is counted, or is refused", async () => {
    const [here, there] = await twoSides();
    for (let round = 0; round < rounds; round += 1) {
      const { id: chatId } = await createChat(here, { title: "t" });
      const writing = ["a", "b", "c"].map((body) =>
        codeOf(createMessage(there, { chatId, author: "a", body })),
      );
      const [chat, ...written] = await Promise.all([trashChat(here, { chatId }), ...writing]);
      const acknowledged = written.filter((code) => code === "ok").length;
      expect(written.filter((code) => code !== "ok" && code !== "CONFLICT")).toEqual([]);
      expect(chat.messageCount).toBe(acknowledged);
      expect(await getChat(here, { chatId })).toMatchObject({
        messageCount: acknowledged,
        updatedAt: chat.updatedAt,
        version: 2 + acknowledged,
      });
    }
  });
});

describe("trash, restore and delete at once", () => {
  it("leave the chat whole or gone, each change counted once", async () => {
    const [here, there] = await twoSides();
    for (let round = 0; round < rounds; round += 1) {
      const { id: chatId } = await createChat(here, { title: "t" });
      const removing = round % 2 === 0 ? codeOf(deleteChat(there, { chatId, force: false })) : "none";
      const [deleted, ...codes] = await Promise.all([
        removing,
        codeOf(trashChat(here, { chatId })),
        codeOf(restoreChat(there, { chatId })),
        codeOf(trashChat(there, { chatId })),
        codeOf(restoreChat(here, { chatId })),
      ]);
      if (deleted === "ok") {
        expect(await vaultOf(here, chatId)).toEqual(nothingButTheLedger);
        expect(["ok", "NOT_FOUND"]).toEqual(expect.arrayContaining([...new Set(codes)]));
        continue;
      }
      expect(new Set(codes)).toEqual(new Set(["ok"]));
      const { version, trashedAt, purgeAt } = await getChat(here, { chatId });
      const events = await here.db.event.findMany({
        where: { tenantId: here.tenantId, chatId, type: { in: ["chat.trashed", "chat.restored"] } },
        orderBy: [{ xid: "asc" }, { id: "asc" }],
      });
      expect(version).toBe(1 + events.length);
      expect(trashedAt === null).toBe(events.length % 2 === 0);
      expect(purgeAt === null).toBe(trashedAt === null);
    }
  });
});
