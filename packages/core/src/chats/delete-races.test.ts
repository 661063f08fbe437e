import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, inject, it } from "vitest";
import { codeOf, nothingButTheLedger, useWorld, vaultOf } from "../../test/world.ts";
import { type Context, createChat, createMessage, deleteChat, openConnection } from "../index.ts";

const world = useWorld();
const rounds = inject("partitioned") ? 30 : 300;

/** Starts two things, the second by up to three milliseconds later, and waits for both. */
async function apart<A, B>(
  round: number,
  first: () => Promise<A>,
  second: () => Promise<B>,
): Promise<[A, B]> {
  const begun = first();
  const start = performance.now() + (round % 30) / 10;
  while (performance.now() < start) await new Promise(setImmediate);
  return Promise.all([begun, second()]);
}

describe("connecting against deleting", () => {
  it.each([
    { order: "connect first", expected: "ok and CONFLICT" },
    { order: "delete first", expected: "NOT_FOUND and ok" },
  ])("has one winner in every round, $order", async ({ order, expected }) => {
    const here = await world.tenant();
    const there: Context = { ...here, db: world.anotherClient() };
    const gatewayId = await world.gateway();
    const seen = new Set<string>();
    for (let round = 0; round < rounds; round += 1) {
      const { id: chatId } = await createChat(here, { title: "t" });
      const connectionId = randomUUID();
      const connect = () => codeOf(openConnection(there, { chatId, gatewayId, connectionId }));
      const remove = () => codeOf(deleteChat(here, { chatId, force: false }));
      const [opened, deleted] =
        order === "connect first"
          ? await apart(round, connect, remove)
          : (await apart(round, remove, connect)).toReversed();
      seen.add(`${opened} and ${deleted}`);
      const left = await vaultOf(here, chatId);
      if (deleted === "ok") expect(left).toEqual(nothingButTheLedger);
      else expect(left).toMatchObject({ chat: 1, transcript: 1, connection: 1, deletion: 0 });
    }
    expect(seen).toContain(expected);
    expect(["ok and CONFLICT", "NOT_FOUND and ok"]).toEqual(expect.arrayContaining([...seen]));
  });

  it("finds no chat when the deletion that it waited for is committed", async () => {
    const here = await world.tenant();
    const there: Context = { ...here, db: world.anotherClient() };
    const gatewayId = await world.gateway();
    const { id: chatId } = await createChat(here, { title: "t" });
    const [locked, commit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const deletion = here.db.$transaction(async (tx) => {
      const record = { ordinal: 0, deletion_id: randomUUID(), tenant_id: here.tenantId, chat_id: chatId };
      const actor = { actor_kind: "operator", actor_id: "test", via: "cli", force: false };
      await tx.$queryRaw`
        SELECT outcome FROM delete_chats(${JSON.stringify([{ ...record, ...actor }])}::jsonb, 256, 1000)`;
      locked.resolve();
      await commit.promise;
    });
    await locked.promise;
    const opening = codeOf(openConnection(there, { chatId, gatewayId, connectionId: randomUUID() }));
    const early = await Promise.race([opening, sleep(300, "waiting")]);
    commit.resolve();
    await deletion;
    expect([early, await opening]).toEqual(["waiting", "NOT_FOUND"]);
  });

  it("is found by a deletion that had to wait for it", async () => {
    const here = await world.tenant();
    const there: Context = { ...here, db: world.anotherClient() };
    const gatewayId = await world.gateway();
    const { id: chatId } = await createChat(here, { title: "t" });
    const [opened, commit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const connecting = here.db.$transaction(async (tx) => {
      await tx.connection.create({ data: { tenantId: here.tenantId, chatId, id: randomUUID(), gatewayId } });
      opened.resolve();
      await commit.promise;
    });
    await opened.promise;
    const removing = codeOf(deleteChat(there, { chatId, force: false }));
    const early = await Promise.race([removing, sleep(300, "waiting")]);
    commit.resolve();
    await connecting;
    expect([early, await removing]).toEqual(["waiting", "CONFLICT"]);
  });
});

describe("writing against deleting", () => {
  it("leaves no message behind and acknowledges none that was not counted", async () => {
    const here = await world.tenant();
    const there: Context = { ...here, db: world.anotherClient() };
    const seen = new Set<string>();
    for (let round = 0; round < rounds; round += 1) {
      const { id: chatId } = await createChat(here, { title: "t" });
      const write = () =>
        Promise.all(
          ["a", "b", "c"].map((body) => codeOf(createMessage(there, { chatId, author: "a", body }))),
        );
      const remove = () => deleteChat(here, { chatId, force: false });
      const [written, deletion] = await apart(round, write, remove);
      const acknowledged = written.filter((code) => code === "ok").length;
      expect(written.filter((code) => code !== "ok" && code !== "NOT_FOUND")).toEqual([]);
      expect(deletion.messageCount).toBe(acknowledged);
      expect(await vaultOf(here, chatId)).toEqual(nothingButTheLedger);
      for (const code of written) seen.add(code);
    }
    expect([...seen].toSorted()).toEqual(["NOT_FOUND", "ok"]);
  });
});
