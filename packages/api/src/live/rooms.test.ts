import { restoreChat, trashChat } from "@lethe/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";
import { createWorld, type World, writeChat } from "../testing/world.ts";
import { createRooms, type Rooms } from "./rooms.ts";

const refusal = { code: "CONFLICT", reason: "chat_trashed" };

/** Whoever enters has had its connection written down, so the chat was active a moment ago. */
describe("a room", () => {
  let api: TestApi;
  let world: World;
  let rooms: Rooms;
  beforeAll(async () => {
    api = await startTestApi();
    world = await createWorld(api.db);
    rooms = createRooms(api.services);
  });
  afterAll(() => api.stop());

  it("is not entered when the chat went into the trash on the way", async () => {
    const { id: chatId } = await writeChat(world.context);
    await trashChat(world.context, { chatId });
    await expect(rooms.enter(world.context, chatId)).rejects.toMatchObject(refusal);
    await restoreChat(world.context, { chatId });
    (await rooms.enter(world.context, chatId)).leave();
  });

  it("is not entered when others inside were told already, and is once the chat is restored", async () => {
    const { id: chatId } = await writeChat(world.context);
    const resident = await rooms.enter(world.context, chatId);
    await trashChat(world.context, { chatId });
    const enter = () =>
      rooms.enter(world.context, chatId).then(
        (membership) => membership.leave(),
        (error: unknown) => error,
      );
    await expect.poll(enter).toMatchObject(refusal);
    await restoreChat(world.context, { chatId });
    expect(await enter()).toBeUndefined();
    resident.leave();
  });
});
