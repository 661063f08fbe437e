import { EventEmitter } from "node:events";
import { expect, it } from "vitest";
import { Session } from "./session.ts";
import { takeRows } from "./take-rows.ts";

const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const message = (type: string, body: string) =>
  Buffer.concat([Buffer.from(type), int32(4 + Buffer.byteLength(body)), Buffer.from(body)]);

const row = (value: string) => message("D", `\0\x01\0\0\0${String.fromCharCode(value.length)}${value}`);
const ready = message("Z", "I");
const notice = message("N", "SNOTICE\0Mmore or less\0\0");
const done = message("C", "SELECT 3\0");
/** Two answers, the first of which is not for the one who takes rows. */
const first = [row("x"), done, ready];
const second = [message("2", ""), row(""), notice, row("one"), row("o".repeat(100)), done, ready];

it("hands rows to who takes them and all else to pg, in order, wherever the chunks end", () => {
  const { connection } = new Session({ url: "postgresql://nobody@127.0.0.1/none", applicationName: "test" });
  const source = new EventEmitter();
  connection.attachListeners(source);
  let met: string[] = [];
  for (const name of ["dataRow", "bindComplete", "notice", "commandComplete", "readyForQuery"])
    connection.on(name, () => met.push(name));
  const taker = {
    takeRow: (bytes: Buffer, start: number) => {
      const length = bytes.readInt32BE(start + 2);
      met.push(`taken ${length}: ${bytes.toString("latin1", start + 6, start + 6 + length)}`);
    },
  };
  const send = (bytes: Buffer, size: number) => {
    for (let at = 0; at < bytes.length; at += size) source.emit("data", bytes.subarray(at, at + size));
  };
  const ended = ["commandComplete", "readyForQuery"];
  for (let size = 1; size <= Buffer.concat(second).length; size += 1) {
    met = [];
    send(Buffer.concat(first), size);
    expect(met).toEqual(["dataRow", ...ended]);
    met = [];
    takeRows(connection, taker);
    send(Buffer.concat(second), size);
    takeRows(connection, null);
    const rows = ["taken 3: one", `taken 100: ${"o".repeat(100)}`];
    expect(met).toEqual(["bindComplete", "taken 0: ", "notice", ...rows, ...ended]);
  }
});
