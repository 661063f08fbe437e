import { EventEmitter } from "node:events";
import type pg from "pg";

/** Who takes the rows of an answer as they have come. */
export type RowTaker = {
  /** The fields of a row begin at `start`: how many there are, in two bytes, and of each its length, in four, and its text. */
  takeRow: (bytes: Buffer, start: number) => void;
};

const takers = new WeakMap<pg.Connection, RowTaker>();

/** Has the next rows of a connection taken by somebody; null: they are read by pg. */
export function takeRows(connection: pg.Connection, taker: RowTaker | null): void {
  if (taker === null) takers.delete(connection);
  else takers.set(connection, taker);
}

/** What every message of PostgreSQL's protocol 3 begins with: its type, and its length without that in four bytes. */
const headSize = 5;
const dataRow = "D".charCodeAt(0);

/**
 * Lets rows be taken past pg, which makes a text of each field, an array of these, a message of it and an event of that.
 * All other messages are pg's, in the order in which they come.
 */
export function passRowsBy(connection: pg.Connection): void {
  const attach = connection.attachListeners.bind(connection);
  connection.attachListeners = (stream) => {
    const rest = new EventEmitter();
    attach(rest);
    stream.on("data", messagesOf(connection, rest));
    stream.on("end", () => rest.emit("end"));
  };
}

/** Takes what comes apart. What is not a whole message yet waits for the rest of it. */
function messagesOf(connection: pg.Connection, rest: EventEmitter): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let length = 0;
  let wanted = headSize;
  const pass = (bytes: Buffer, from: number, to: number) => {
    if (from < to) rest.emit("data", bytes.subarray(from, to));
  };
  return (chunk) => {
    parts.push(chunk);
    length += chunk.length;
    if (length < wanted) return;
    const bytes = parts.length === 1 ? chunk : Buffer.concat(parts, length);
    let at = 0;
    let passed = 0;
    wanted = headSize;
    while (bytes.length - at >= headSize) {
      const size = 1 + bytes.readUInt32BE(at + 1);
      if (bytes.length - at < size) {
        wanted = size;
        break;
      }
      const taker = bytes[at] === dataRow ? takers.get(connection) : undefined;
      if (taker) {
        // What its columns are, among others.
        pass(bytes, passed, at);
        taker.takeRow(bytes, at + headSize);
        passed = at + size;
      }
      at += size;
    }
    pass(bytes, passed, at);
    parts = at < bytes.length ? [bytes.subarray(at)] : [];
    length = bytes.length - at;
  };
}
