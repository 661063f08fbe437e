import { randomUUID } from "node:crypto";
import { deleteChat, getChat, holdChat } from "@lethe/core";
import { expect } from "vitest";
import { chatPageSchema, chatSchema, connectionsSchema } from "../schemas/index.ts";
import { nobody, type ParityCase } from "./caller.ts";
import { openSockets, writeChat } from "./world.ts";

/** Creating, reading and renaming chats. */
export const chatCases: ParityCase[] = [
  {
    name: "creates a chat",
    status: 201,
    given: async ({ context, keys }) => ({
      operation: "chat.create",
      input: { title: "  A new chat " },
      apiKey: keys.all,
      verify: async ({ body }) => {
        const chat = chatSchema.strict().parse(body);
        expect(chat).toMatchObject({
          title: "A new chat",
          message_count: 0,
          active_connections: 0,
          version: 1,
        });
        expect(await getChat(context, { chatId: chat.id })).toMatchObject({ title: "A new chat" });
      },
    }),
  },
  {
    name: "creates a chat with the caller's id, in lower case",
    status: 201,
    given: async ({ keys }) => {
      const id = randomUUID();
      return {
        operation: "chat.create",
        input: { title: "Mine", id: id.toUpperCase() },
        apiKey: keys.all,
        verify: ({ body }) => expect(body).toMatchObject({ id }),
      };
    },
  },
  {
    name: "refuses an id in use",
    status: 409,
    code: "chat_id_used",
    given: async ({ context, keys }) => {
      const { id } = await writeChat(context);
      return { operation: "chat.create", input: { title: "Again", id }, apiKey: keys.all };
    },
  },
  {
    name: "refuses the id of a deleted chat",
    status: 409,
    code: "chat_id_used",
    given: async ({ context, keys }) => {
      const { id } = await writeChat(context);
      await deleteChat(context, { chatId: id, force: false });
      return { operation: "chat.create", input: { title: "Back again", id }, apiKey: keys.all };
    },
  },
  {
    name: "lets two tenants use one id",
    status: 201,
    given: async ({ strangers, keys }) => {
      const { id } = await writeChat(strangers);
      return { operation: "chat.create", input: { title: "My own", id }, apiKey: keys.all };
    },
  },
  {
    name: "gets a chat with its counts",
    status: 200,
    given: async ({ context, keys }) => {
      const chat = await writeChat(context, { title: "Counted", messages: 2 });
      await openSockets(context, chat.id, 3);
      return {
        operation: "chat.byId",
        input: { chat_id: chat.id.toUpperCase() },
        apiKey: keys.reading,
        verify: ({ body }) =>
          expect(chatSchema.strict().parse(body)).toMatchObject({
            id: chat.id,
            title: "Counted",
            message_count: 2,
            active_connections: 3,
            trashed_at: null,
            version: 3,
          }),
      };
    },
  },
  {
    name: "says who is connected to a chat, up to a hundred, and how many are",
    status: 200,
    given: async ({ context, keys }) => {
      const chat = await writeChat(context);
      const ada = { ...context, actor: { ...context.actor, id: "ada", name: "Ada" } };
      await openSockets(ada, chat.id, 1);
      await openSockets(context, chat.id, 100);
      return {
        operation: "chat.connections",
        input: { chat_id: chat.id },
        apiKey: keys.reading,
        verify: ({ body }) => {
          const { data, total } = connectionsSchema.strict().parse(body);
          expect([data.length, total]).toEqual([100, 101]);
          expect(data.filter(({ actor }) => actor?.name === "Ada").map(({ actor }) => actor)).toEqual([
            { kind: "operator", id: "ada", name: "Ada" },
          ]);
          expect(data.map(({ opened_at }) => opened_at)).toEqual(
            data.map(({ opened_at }) => opened_at).toSorted(),
          );
        },
      };
    },
  },
  {
    name: "says that nobody is connected to a chat",
    status: 200,
    given: async ({ context, keys }) => ({
      operation: "chat.connections",
      input: { chat_id: (await writeChat(context)).id },
      apiKey: keys.reading,
      verify: ({ body }) => expect(body).toEqual({ data: [], total: 0 }),
    }),
  },
  {
    name: "renames a chat",
    status: 200,
    given: async ({ context, keys }) => {
      const { id, version } = await writeChat(context);
      return {
        operation: "chat.rename",
        input: { chat_id: id, title: "Another title", if_version: version },
        apiKey: keys.writing,
        verify: ({ body }) =>
          expect(body).toMatchObject({ id, title: "Another title", version: version + 1 }),
      };
    },
  },
  {
    name: "renames no chat that has changed since",
    status: 412,
    code: "version_mismatch",
    given: async ({ context, keys }) => {
      const { id } = await writeChat(context, { title: "As it was", messages: 1 });
      return {
        operation: "chat.rename",
        input: { chat_id: id, title: "Too late", if_version: 1 },
        apiKey: keys.all,
        verify: async ({ body }) => {
          expect(body).toMatchObject({ version: 2 });
          expect(await getChat(context, { chatId: id })).toMatchObject({ title: "As it was" });
        },
      };
    },
  },
  {
    name: "renames no chat that is not there, whatever its version",
    status: 404,
    code: "chat_not_found",
    given: async ({ keys }) => ({
      operation: "chat.rename",
      input: { chat_id: nobody, title: "Nothing", if_version: 1 },
      apiKey: keys.all,
    }),
  },
  {
    name: "lists the tenant's chats, newest activity first",
    status: 200,
    given: async ({ context, strangers, keys }) => {
      const mark = randomUUID();
      const older = await writeChat(context, { title: `${mark} older` });
      const newer = await writeChat(context, { title: `${mark} newer` });
      await writeChat(strangers, { title: `${mark} a stranger's` });
      return {
        operation: "chat.list",
        input: { q: mark.toUpperCase() },
        apiKey: keys.reading,
        verify: ({ body }) => {
          const page = chatPageSchema.strict().parse(body);
          expect(page.data.map((chat) => chat.id)).toEqual([newer.id, older.id]);
          expect(page.next_cursor).toBeNull();
        },
      };
    },
  },
  {
    name: "ends a page where limit says and goes on from its cursor",
    status: 200,
    given: async ({ context, keys }) => {
      const mark = randomUUID();
      for (const n of [1, 2, 3]) await writeChat(context, { title: `${mark} ${n}` });
      return {
        operation: "chat.list",
        input: { q: mark, limit: 2, state: "active" },
        apiKey: keys.all,
        verify: ({ body }) => {
          const page = chatPageSchema.parse(body);
          expect(page.data.map((chat) => chat.title)).toEqual([`${mark} 3`, `${mark} 2`]);
          expect(page.next_cursor).toBeTypeOf("string");
        },
      };
    },
  },
  {
    name: "lists what meets every criterion, in the order that is asked for",
    status: 200,
    given: async ({ context, keys }) => {
      const mark = randomUUID();
      const chats = [];
      for (const messages of [0, 1, 2, 3]) chats.push(await writeChat(context, { title: mark, messages }));
      const [, first, held, last] = chats.map(({ id }) => id);
      await holdChat(context, { chatId: held ?? "", reason: "Case 7" });
      return {
        operation: "chat.list",
        input: {
          ...{ q: mark, held: false, live: false, min_messages: 1, created_by: context.actor.id },
          ...{ created_after: "2026-01-15T10:45:00Z", sort: "created", order: "oldest_first" },
        },
        apiKey: keys.reading,
        verify: ({ body }) => {
          const page = chatPageSchema.strict().parse(body);
          expect(page.data.map(({ id }) => id)).toEqual([first, last]);
          expect(page.data[0]?.created_by).toMatchObject({ id: context.actor.id });
        },
      };
    },
  },
  {
    name: "lists nothing in an empty trash",
    status: 200,
    given: async ({ keys }) => ({
      operation: "chat.list",
      input: { state: "trashed" },
      apiKey: keys.all,
      verify: ({ body }) => expect(body).toEqual({ data: [], next_cursor: null }),
    }),
  },
];
