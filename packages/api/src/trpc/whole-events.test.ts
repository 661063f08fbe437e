import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { wholeEvents } from "./whole-events.ts";

const encoder = new TextEncoder();

/** A body that a test writes, and the reader of what is made of it. */
function open(pingMs = 60_000) {
  const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>();
  const writer = writable.getWriter();
  const reader = wholeEvents(readable, pingMs).getReader();
  return {
    writer,
    reader,
    write: (...chunks: string[]) => Promise.all(chunks.map((chunk) => writer.write(encoder.encode(chunk)))),
    read: async () => new TextDecoder().decode((await reader.read()).value),
  };
}

it("gives each event in one chunk, however many pieces it was written in", async () => {
  const { write, writer, read, reader } = open();
  const written = write("data: 1\n", "id: a\n", "\n\n", "event: x\ndata: 2\n\n", "data: é", "\n", "\n\n");
  expect(await read()).toBe("data: 1\nid: a\n\n\n");
  expect(await read()).toBe("event: x\ndata: 2\n\n");
  expect(await read()).toBe("data: é\n\n\n");
  await written;
  const last = write("data: cut off");
  void last.then(() => writer.close());
  expect(await read()).toBe("data: cut off");
  expect((await reader.read()).done).toBe(true);
});

it("says that it is alive after a silence, never within an event, and not to who does not read", async () => {
  const { write, read } = open(5);
  const begun = write("data: 1\n");
  const first = await read();
  expect(first).toBe("event: ping\ndata: \n\n\n");
  // One waits for its reader, and no more come.
  await sleep(100);
  await begun;
  void write("\n\n");
  const rest = [await read(), await read()];
  expect(rest).toContain("data: 1\n\n\n");
});

it("passes on that the body has failed, and that nobody reads any more", async () => {
  const failing = open();
  const failed = failing.reader.read();
  void failing.writer.abort(new Error("gone"));
  await expect(failed).rejects.toThrow("gone");

  const left = open();
  await left.reader.cancel("enough");
  await expect(left.writer.closed).rejects.toBe("enough");
});
