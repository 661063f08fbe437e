/** A chat as its tenant sees it. Times are UTC. */
export type Chat = {
  id: string;
  title: string;
  createdAt: Date;
  /** Who created it; null: a version that did not write it down, or the demo. */
  createdBy: Credential | null;
  /** The last message or edit: what lists are sorted by. */
  updatedAt: Date;
  messageCount: number;
  /** Sockets that are open on it under a living lease. */
  activeConnections: number;
  /** In the trash since then; null: active. */
  trashedAt: Date | null;
  /** Who put it into the trash. */
  trashedBy: Credential | null;
  /** When it is deleted from the trash; null: not by itself. */
  purgeAt: Date | null;
  /** While there is one nothing deletes the chat. */
  hold: Hold | null;
  /** The last complete export; it is of the chat as it is if its version is the chat's. */
  lastExport: ChatExport | null;
  /** Goes up with every message, edit and change of state. Its ETag is made of it. */
  version: number;
};

/** A chat as lists have it: with the beginning of what was said last. Null: nothing has been said. */
export type ListedChat = Chat & {
  lastMessage: (Pick<Message, "seq" | "author" | "createdAt"> & { excerpt: string }) | null;
};

/**
 * Who did something, as in the ledger: the kind of credential, its id, and what it was called when it was done. Null: it has
 * no name, or none was written down.
 */
export type Credential = { kind: string; id: string; name: string | null };

/** A socket that is open on a chat. `actor` is null where a server of an older version holds it. */
export type Connection = { id: string; openedAt: Date; actor: Credential | null };

/** Why a chat must not be deleted, since when, and by whom. */
export type Hold = { reason: string; heldAt: Date; heldBy: Credential };

/** An export that was sent completely. `checksum` is the SHA-256 of its bytes, in hexadecimal. */
export type ChatExport = { exportedAt: Date; version: number; checksum: string };

/** A message. `seq` counts from 1 within its chat, without gaps. */
export type Message = {
  id: string;
  chatId: string;
  seq: number;
  author: string;
  body: string;
  createdAt: Date;
};

/** A message in which something was found, and where: the part of its body around that, and the places in it. */
export type MessageHit = Omit<Message, "body"> & {
  chatTitle: string;
  excerpt: string;
  /** From and up to where, in UTF-16 code units of the excerpt. */
  marks: { start: number; end: number }[];
};

/** A line of the deletion ledger. It tells who deleted what and when, and holds no content. */
export type DeletionRecord = {
  id: string;
  chatId: string;
  deletedAt: Date;
  /** When the last row of the transcript was gone; null while `pending`. */
  erasedAt: Date | null;
  state: "pending" | "erased";
  /** Messages that the chat had. */
  messageCount: number;
  actor: Credential;
  via: string;
  forced: boolean;
  /** The SHA-256 of an export of exactly what was deleted; null if there was none. */
  exportChecksum: string | null;
};

/** One page of a list, and where the next begins. */
export type Page<Item> = { items: Item[]; nextCursor: string | null };

/** What may happen to a chat that is there afterwards. */
export const chatEventTypes = ["chat.created", "chat.updated", "chat.trashed", "chat.restored"] as const;
export type ChatEventType = (typeof chatEventTypes)[number];

/** Something that happened in a tenant. */
export type TenantEvent = { at: Date } & (
  | { type: ChatEventType; chatId: string; chat: Chat }
  | { type: "message.created"; chatId: string; message: Message }
  | { type: "chat.deleted"; chatId: string; deletedAt: Date; deletionId: string }
  /** The last row of a long transcript is gone; one that went with its chat has no event of its own. */
  | { type: "deletion.erased"; chatId: string; erasedAt: Date; deletionId: string }
  | { type: "deletion_job.finished"; jobId: string }
);

/**
 * What a resumable subscription yields: events, and `resync` where some were missed that are no longer
 * kept: read everything anew, then go on. `cursor` resumes the subscription after it, and an event has always the same.
 */
export type FeedItem = { cursor: string } & (TenantEvent | { type: "resync" });
