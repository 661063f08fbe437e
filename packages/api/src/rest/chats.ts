import { createChat, getChat, listChats, renameChat } from "@lethe/core";
import { deleteChatCounted } from "../delete-chat-counted.ts";
import type { ApiApp } from "../http/env.ts";
import { etagOf, parseIfMatch } from "../http/etag.ts";
import { limitBody, restBodySize } from "../http/limit-body.ts";
import { presentChat, presentDeletion, presentPage } from "../present.ts";
import type { Services } from "../services.ts";
import {
  createChatRoute,
  deleteChatRoute,
  getChatRoute,
  listChatsRoute,
  renameChatRoute,
} from "./chat-routes.ts";
import { guard } from "./guard.ts";

/** The chats of `/api/v1`. */
export function mountChats(app: ApiApp, services: Services): void {
  const read = guard(services, "chats:read");
  const write = [guard(services, "chats:write"), limitBody(restBodySize)];
  const remove = guard(services, "chats:delete");

  app.openapi({ ...listChatsRoute, middleware: read }, async (c) => {
    const page = await listChats(c.var.core, c.req.valid("query"));
    return c.json(presentPage(page, presentChat), 200);
  });

  app.openapi({ ...createChatRoute, middleware: write }, async (c) => {
    const chat = await createChat(c.var.core, c.req.valid("json"));
    return c.json(presentChat(chat), 201, {
      ETag: etagOf(chat.version),
      Location: `/api/v1/chats/${chat.id}`,
    });
  });

  app.openapi({ ...getChatRoute, middleware: read }, async (c) => {
    const chat = await getChat(c.var.core, { chatId: c.req.valid("param").chat_id });
    return c.json(presentChat(chat), 200, { ETag: etagOf(chat.version) });
  });

  app.openapi({ ...renameChatRoute, middleware: write }, async (c) => {
    const chat = await renameChat(c.var.core, {
      chatId: c.req.valid("param").chat_id,
      title: c.req.valid("json").title,
      versions: parseIfMatch(c.req.header("if-match")),
    });
    return c.json(presentChat(chat), 200, { ETag: etagOf(chat.version) });
  });

  app.openapi({ ...deleteChatRoute, middleware: remove }, async (c) => {
    const deletion = await deleteChatCounted(services, c.var.core, {
      chatId: c.req.valid("param").chat_id,
      force: c.req.valid("query").force,
      versions: parseIfMatch(c.req.header("if-match")),
    });
    return c.json(presentDeletion(deletion), 200);
  });
}
