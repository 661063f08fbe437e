import type { Chat } from "../types.ts";

/** What the beginning of an exported file tells: which export it is, and of which state of which chat. */
export type ExportHead = {
  /** Random, and part of the file: nobody can tell from a checksum what a chat may have said. */
  exportId: string;
  /** When the state was read that the file shows. */
  exportedAt: Date;
  chat: Pick<Chat, "id" | "title" | "createdAt" | "updatedAt" | "trashedAt" | "messageCount" | "version">;
};
