import { getChat, getSettings, holdChat, limits, updateSettings } from "@lethe/core";
import { expect } from "vitest";
import { chatSchema, settingsSchema } from "../schemas/index.ts";
import type { ParityCase } from "./caller.ts";
import { createWorld, type World, writeChat } from "./world.ts";

async function held({ context }: World) {
  const { id } = await writeChat(context, { messages: 1 });
  return holdChat(context, { chatId: id, reason: "Case 7" });
}

/** Holds. */
export const holdCases: ParityCase[] = [
  {
    name: "puts a chat on hold",
    status: 200,
    given: async ({ context, keys }) => {
      const { id } = await writeChat(context);
      return {
        operation: "chat.hold",
        input: { chat_id: id, reason: " Case 7 " },
        apiKey: keys.all,
        verify: ({ body }) =>
          expect(chatSchema.strict().parse(body)).toMatchObject({
            hold: { reason: "Case 7", held_by: { kind: "api_key" } },
            version: 2,
          }),
      };
    },
  },
  {
    name: "releases a chat from its hold",
    status: 200,
    given: async (world) => {
      const { id, version } = await held(world);
      return {
        operation: "chat.releaseHold",
        input: { chat_id: id },
        apiKey: world.keys.all,
        verify: ({ body }) => expect(body).toMatchObject({ hold: null, version: version + 1 }),
      };
    },
  },
  ...[false, true].map(
    (force): ParityCase => ({
      name: `deletes no chat that is on hold, ${force ? "by force either" : "and says so"}`,
      status: 409,
      code: "on_hold",
      given: async (world) => {
        const chat = await held(world);
        return {
          operation: "chat.delete",
          input: { chat_id: chat.id, force },
          apiKey: world.keys.all,
          verify: async ({ retryAfter }) => {
            expect(retryAfter).toBeNull();
            expect(await getChat(world.context, { chatId: chat.id })).toEqual(chat);
          },
        };
      },
    }),
  ),
];

/** What holds for all chats of a tenant. */
export const settingsCases: ParityCase[] = [
  {
    name: "gets the settings",
    status: 200,
    given: async ({ db }) => ({
      operation: "settings.get",
      input: {},
      apiKey: (await createWorld(db)).keys.reading,
      verify: ({ body }) =>
        expect(body).toEqual({
          name: expect.any(String),
          trash_retention_days: 30,
          retention_days: null,
          require_second_factor: false,
          ledger_retention_days: null,
        }),
    }),
  },
  {
    name: "changes the settings that are named",
    status: 200,
    given: async ({ db }) => {
      const own = await createWorld(db);
      await updateSettings(own.context, { retentionDays: 400 });
      return {
        operation: "settings.update",
        input: { name: " Acme & Sons ", trash_retention_days: 0 },
        apiKey: own.keys.all,
        verify: ({ body }) =>
          expect(settingsSchema.strict().parse(body)).toEqual({
            name: "Acme & Sons",
            trash_retention_days: 0,
            retention_days: 400,
            require_second_factor: false,
            ledger_retention_days: null,
          }),
      };
    },
  },
  {
    name: "turns retention off",
    status: 200,
    given: async ({ db }) => {
      const own = await createWorld(db);
      await updateSettings(own.context, { retentionDays: limits.retentionDays });
      return {
        operation: "settings.update",
        input: { retention_days: null },
        apiKey: own.keys.all,
        verify: async () =>
          expect(await getSettings(own.context)).toMatchObject({
            trashRetentionDays: 30,
            retentionDays: null,
          }),
      };
    },
  },
];
