import {
  type Chat,
  type Context,
  chatTrashed,
  getChat,
  limits,
  listMessages,
  type Message,
  type TenantEvent,
} from "@lethe/core";
import { toFailure } from "../errors/to-failure.ts";
import { presentChat, presentMessage } from "../present.ts";
import { closeCodeChatDeleted, closeCodeChatTrashed, type ServerFrame } from "../schemas/index.ts";
import { type Connection, closeConnection, sendText } from "./connection.ts";
import { closeCodes } from "./live-limits.ts";

/**
 * The peers on one chat, and what they have been told. Messages are told in the order of `seq`, each once
 * and none left out: an event that comes out of turn is answered by reading the messages themselves.
 */
export class Room {
  /** Peers on their way in and inside. */
  holders = 0;
  readonly connections = new Set<Connection>();
  /** Settles when events can be delivered. */
  readonly opened: Promise<void>;
  readonly #context: Context;
  readonly #chatId: string;
  readonly #onTrouble: (error: unknown) => void;
  #closed = false;
  #closings = 0;
  #version = 0;
  #lastSeq = 0;
  #turn: Promise<void>;

  /** Whoever makes a room must hand it all events of the chat from this moment on. */
  constructor(context: Context, chatId: string, onTrouble: (error: unknown) => void) {
    this.#context = context;
    this.#chatId = chatId;
    this.#onTrouble = onTrouble;
    this.opened = getChat(context, { chatId }).then((chat) => {
      this.#lastSeq = chat.messageCount;
      this.#note(chat);
    });
    this.#turn = this.opened.catch(() => {});
  }

  /** Whether the chat is known to be gone or in the trash, so that nobody who comes now would hear of it. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Looks again whether the chat is open. Rejects with NOT_FOUND when it is gone, CONFLICT when it is in the trash. */
  async look(): Promise<void> {
    const chat = await getChat(this.#context, { chatId: this.#chatId });
    this.#note(chat);
    if (chat.trashedAt !== null) throw chatTrashed();
  }

  /** How often its peers were told that it is gone or in the trash, and let go. */
  get closings(): number {
    return this.#closings;
  }

  /** Tells the peers of an event, after those before it. */
  take(event: TenantEvent): void {
    this.#turn = this.#turn.then(() => this.#deliver(event)).catch((error: unknown) => this.#giveUp(error));
  }

  /** Lets everybody go who may have missed something: they come back and read. */
  sendAway(reason: string): void {
    for (const connection of this.connections) closeConnection(connection, closeCodes.tryAgainLater, reason);
  }

  async #deliver(event: TenantEvent): Promise<void> {
    switch (event.type) {
      case "message.created":
        if (event.message.seq === this.#lastSeq + 1) this.#tell(event.message);
        else if (event.message.seq > this.#lastSeq) await this.#catchUp();
        return;
      case "chat.updated":
      case "chat.trashed":
      case "chat.restored":
        return this.#show(event.chat);
      case "chat.deleted":
        this.#broadcast({
          type: event.type,
          chat_id: event.chatId,
          deleted_at: event.deletedAt.toISOString(),
        });
        this.#close(closeCodeChatDeleted, "The chat was deleted");
    }
  }

  /** Tells the chat as it is now, which may be newer than the event: it decides whether anybody may stay. */
  #show(chat: Chat): void {
    if (!this.#note(chat)) return;
    const presented = presentChat(chat);
    if (chat.trashedAt === null) {
      this.#broadcast({ type: "chat.updated", chat: presented });
    } else {
      this.#broadcast({ type: "chat.trashed", chat: presented });
      this.#close(closeCodeChatTrashed, "The chat was moved into the trash");
    }
  }

  /** False for a chat that was read before one that is known: it says nothing new. */
  #note(chat: Chat): boolean {
    if (chat.version < this.#version) return false;
    this.#version = chat.version;
    this.#closed = chat.trashedAt !== null;
    return true;
  }

  #close(code: number, reason: string): void {
    this.#closed = true;
    this.#closings += 1;
    for (const connection of this.connections) closeConnection(connection, code, reason);
  }

  async #catchUp(): Promise<void> {
    for (const message of await messagesAfter(this.#context, this.#chatId, this.#lastSeq))
      this.#tell(message);
  }

  #tell(message: Message): void {
    this.#lastSeq = message.seq;
    this.#broadcast({ type: "message.created", message: presentMessage(message) });
  }

  #broadcast(frame: ServerFrame): void {
    const text = JSON.stringify(frame);
    for (const connection of this.connections) sendText(connection, text);
  }

  #giveUp(error: unknown): void {
    // The event of the deletion is on its way.
    if (toFailure(error).code === "NOT_FOUND") return;
    this.#onTrouble(error);
    this.sendAway("Messages could not be delivered: reconnect and read what you missed");
  }
}

/** Whoever missed more than this reads the chat anew. */
const mostPages = 10;

/**
 * The messages of a chat after `seq`, oldest first.
 *
 * @throws NOT_FOUND (chat_not_found), and RangeError when they are too many to be told live
 */
async function messagesAfter(context: Context, chatId: string, seq: number): Promise<Message[]> {
  const found: Message[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < mostPages; page += 1) {
    const { items, nextCursor } = await listMessages(context, {
      chatId,
      limit: limits.pageSize,
      cursor,
      order: "newest_first",
    });
    const unseen = items.filter((message) => message.seq > seq);
    found.push(...unseen);
    if (unseen.length < items.length || nextCursor === null) return found.reverse();
    cursor = nextCursor;
  }
  throw new RangeError(`More than ${mostPages * limits.pageSize} messages were missed`);
}
