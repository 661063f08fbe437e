import { type Action, slots } from "./action.ts";

/** A chat as its callers should see it. */
export type ModelChat = {
  messages: number;
  renamed: number;
  version: number;
  trashed: boolean;
  held: boolean;
  /** Open sockets. */
  sockets: number;
  /** The version of the last complete export. */
  exported: number | null;
};

/** What each slot holds: nothing yet, a chat, or the id of one that is gone. */
export type Slot = { state: "empty" | "gone" } | { state: "there"; chat: ModelChat };

export type Model = { slots: Slot[] };

/** What an action must be answered: a status and, where there is one, the `code` of the problem. */
export type Expected = {
  status: number;
  code?: string;
  /** Of a set: the outcome of each. */
  outcomes?: string[];
};

export const emptyModel = (): Model => ({
  slots: Array.from({ length: slots }, (): Slot => ({ state: "empty" })),
});

const refused = (status: number, code: string): Expected => ({ status, code });
const notFound = refused(404, "chat_not_found");
const inTrash = refused(409, "chat_trashed");

/** Lets an action happen to the model, and says what it must be answered. */
export function step(model: Model, action: Action): Expected {
  switch (action.kind) {
    case "bulkDelete":
      return each(action.slots, (slot) => deleteOne(model, slot, action.force, true));
    case "bulkTrash":
      return each(action.slots, (slot) => (move(model, slot, true) ? "trashed" : "not_found"));
    case "bulkRestore":
      return each(action.slots, (slot) => (move(model, slot, false) ? "restored" : "not_found"));
    case "create":
      return create(model, action.slot);
    default:
      return onChat(model, action);
  }
}

const each = (of: number[], outcome: (slot: number) => string): Expected => ({
  status: 200,
  outcomes: of.map(outcome),
});

/** An id is used once: a slot that has had its chat refuses another under the same id. */
function create(model: Model, slot: number): Expected {
  if (model.slots[slot]?.state !== "empty") return refused(409, "chat_id_used");
  const chat = {
    messages: 0,
    renamed: 0,
    version: 1,
    trashed: false,
    held: false,
    sockets: 0,
    exported: null,
  };
  model.slots[slot] = { state: "there", chat };
  return { status: 201 };
}

const chatIn = (model: Model, slot: number): ModelChat | undefined => {
  const held = model.slots[slot];
  return held?.state === "there" ? held.chat : undefined;
};

/** Into the trash or out of it. False if there is no chat. */
function move(model: Model, slot: number, trashed: boolean): boolean {
  const chat = chatIn(model, slot);
  if (!chat) return false;
  if (chat.trashed !== trashed) {
    chat.trashed = trashed;
    chat.version += 1;
    // Whoever was connected is told and sent away.
    if (trashed) chat.sockets = 0;
  }
  return true;
}

function deleteOne(model: Model, slot: number, force: boolean, matches: boolean): string {
  const chat = chatIn(model, slot);
  if (!chat) return "not_found";
  if (chat.held) return "on_hold";
  if (!matches) return "precondition_failed";
  if (chat.sockets > 0 && !force) return "active_connections";
  model.slots[slot] = { state: "gone" };
  return "deleted";
}

const answers: Record<string, Expected> = {
  not_found: notFound,
  on_hold: refused(409, "on_hold"),
  precondition_failed: refused(412, "version_mismatch"),
  active_connections: refused(409, "active_connections"),
  deleted: { status: 200 },
};

function onChat(model: Model, action: Exclude<Action, { slots: number[] } | { kind: "create" }>): Expected {
  const chat = chatIn(model, action.slot);
  if (!chat) return action.kind === "disconnect" || action.kind === "purge" ? { status: 200 } : notFound;
  switch (action.kind) {
    case "write":
      if (chat.trashed) return inTrash;
      chat.messages += 1;
      chat.version += 1;
      return { status: 201 };
    case "rename":
      if (chat.trashed) return inTrash;
      chat.renamed += 1;
      chat.version += 1;
      return { status: 200 };
    case "connect":
      if (chat.trashed) return inTrash;
      chat.sockets += 1;
      return { status: 101 };
    case "disconnect":
      chat.sockets = 0;
      return { status: 200 };
    case "trash":
    case "restore":
      move(model, action.slot, action.kind === "trash");
      return { status: 200 };
    case "hold":
    case "release": {
      const held = action.kind === "hold";
      if (chat.held !== held) chat.version += 1;
      chat.held = held;
      return { status: 200 };
    }
    case "export":
      chat.exported = chat.version;
      return { status: 200 };
    case "purge":
      if (chat.trashed && !chat.held) model.slots[action.slot] = { state: "gone" };
      return { status: 200 };
    case "delete": {
      const named = { none: chat.version, current: chat.version, exported: chat.exported }[action.match];
      const outcome = deleteOne(model, action.slot, action.force, named === chat.version);
      return answers[outcome] ?? notFound;
    }
  }
}
