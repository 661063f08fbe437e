/** Sockets that one process holds, `perChat` on each chat. */
export type SocketsJob = {
  origin: string;
  headers: Record<string, string>;
  /** The paths of the chats. */
  chats: string[];
  perChat: number;
  /** Handshakes under way at a time. */
  opening: number;
  /** Chats that are asked to be deleted, first without force and then with it. */
  deletes: number;
};

export type Opened = { seconds: number; latencies: number[] };
/** Milliseconds; `told` is the time until the last socket of a chat heard that it was deleted. */
export type Deleted = { refused: number[]; forced: number[]; told: number[] };

export type ToSockets = { type: "open"; job: SocketsJob } | { type: "delete" };
export type FromSockets =
  | { type: "opened"; opened: Opened }
  | { type: "deleted"; deleted: Deleted }
  | { type: "failed"; reason: string };
