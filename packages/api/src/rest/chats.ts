import { createChat, getChat, listChats, renameChat } from "@lethe/core";
import { deleteChatCounted } from "../delete-chat-counted.ts";
import type { ApiApp } from "../http/env.ts";
import { etagOf } from "../http/etag.ts";
import { presentChanged, presentChat, presentDeletion, presentPage } from "../present.ts";
import {
  createChatRoute,
  deleteChatRoute,
  getChatRoute,
  listChatsRoute,
  renameChatRoute,
} from "./chat-routes.ts";

/** The chats of `/api/v1`. */
export function mountChats(app: ApiApp): void {
  app.openapi(listChatsRoute, async (c) => {
    const page = await listChats(c.var.core, c.req.valid("query"));
    return c.json(presentPage(page, presentChat), 200);
  });

  app.openapi(createChatRoute, async (c) => {
    const chat = await createChat(c.var.core, c.req.valid("json"));
    return c.json(presentChat(chat), 201, {
      ETag: etagOf(chat.version),
      Location: `/api/v1/chats/${chat.id}`,
    });
  });

  app.openapi(getChatRoute, async (c) => {
    const chat = await getChat(c.var.core, { chatId: c.req.valid("param").chat_id });
    return c.json(presentChat(chat), 200, { ETag: etagOf(chat.version) });
  });

  app.openapi(renameChatRoute, async (c) => {
    const { title } = c.req.valid("json");
    const chat = await renameChat(c.var.core, {
      chatId: c.req.valid("param").chat_id,
      title,
      ...c.var.condition,
    });
    return c.json(presentChanged(chat, c.var.mayRead, { title }), 200, { ETag: etagOf(chat.version) });
  });

  app.openapi(deleteChatRoute, async (c) => {
    const deletion = await deleteChatCounted(c.var.services, c.var.core, {
      chatId: c.req.valid("param").chat_id,
      force: c.req.valid("query").force,
      ...c.var.condition,
    });
    return c.json(presentDeletion(deletion), 200);
  });
}
