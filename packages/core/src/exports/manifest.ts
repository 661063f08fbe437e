import { deflateRawSync, inflateRawSync } from "node:zlib";
import { z } from "zod";
import type { Context } from "../context.ts";
import type { Chat } from "../types.ts";
import { recordExports } from "./record-exports.ts";
import { summed } from "./summed.ts";

const fileSchema = z.object({
  file: z.string(),
  chatId: z.string(),
  version: z.int(),
  checksum: z.string(),
  messages: z.int(),
  bytes: z.int(),
});
const filesSchema = z.array(fileSchema);

type Head = { exportId: string; format: string; asOf: Date; matched: number };

/** Files that are noted on their chats in one statement, and until then kept together. */
const blockSize = 500;

/** What an archive holds: it is written down as files are taken, and told in the archive's last file. */
export class Manifest {
  readonly exportId: string;
  readonly counts = { files: 0, skipped: 0, messages: 0, bytes: 0 };
  readonly #head: Head;
  readonly #skipped: string[] = [];
  readonly #others: { file: string; sha256: string; bytes: number }[] = [];
  /** Packed, because there may be very many. */
  readonly #blocks: Buffer[] = [];
  #open: z.infer<typeof fileSchema>[] = [];

  constructor(head: Head) {
    this.exportId = head.exportId;
    this.#head = head;
  }

  /** A chat that is not there, or no longer. */
  skip(chatId: string): void {
    this.#skipped.push(chatId);
    this.counts.skipped += 1;
  }

  /** Passes a chat's file on, and writes it down when all of it was taken. */
  async *note(file: string, chat: Chat, text: AsyncGenerator<string, void>): AsyncGenerator<string, void> {
    const { checksum, bytes } = yield* summed(text);
    const { id: chatId, version, messageCount: messages } = chat;
    this.#open.push({ file, chatId, version, checksum, messages, bytes });
    this.counts.files += 1;
    this.counts.messages += messages;
    this.counts.bytes += bytes;
    if (this.#open.length === blockSize) this.#close();
  }

  /** Passes a file on that is no chat. */
  async *noteOther(file: string, text: AsyncGenerator<string, void>): AsyncGenerator<string, void> {
    const { checksum: sha256, bytes } = yield* summed(text);
    this.#others.push({ file, sha256, bytes });
    this.counts.bytes += bytes;
  }

  #close(): void {
    this.#blocks.push(deflateRawSync(JSON.stringify(this.#open)));
    this.#open = [];
  }

  /** The manifest as JSON, a line for each file. The exports are noted on the chats as their lines are taken. */
  async *text(ctx: Context): AsyncGenerator<string, void> {
    this.#close();
    const { exportId: id, format, asOf, matched } = this.#head;
    yield `{"export":${JSON.stringify({ id, format, as_of: asOf.toISOString(), matched })},\n"files":[`;
    let before = "";
    for (const block of this.#blocks) {
      const files = filesSchema.parse(JSON.parse(inflateRawSync(block).toString()));
      const outcomes = await recordExports(ctx, files);
      let lines = "";
      for (const [index, { file, chatId, version, checksum, messages, bytes }] of files.entries()) {
        const names = { file, chat_id: chatId, version, sha256: checksum, messages, bytes };
        lines += `${before}\n${JSON.stringify({ ...names, last_export: outcomes[index] })}`;
        before = ",";
      }
      yield lines;
    }
    const skipped = this.#skipped.map((chat_id) => `\n${JSON.stringify({ chat_id, reason: "not_found" })}`);
    const others = this.#others.map((one) => `\n${JSON.stringify(one)}`);
    yield `\n],\n"skipped":[${skipped.join(",")}\n],\n`;
    if (others.length > 0) yield `"others":[${others.join(",")}\n],\n`;
    yield `"counts":${JSON.stringify(this.counts)}}\n`;
  }
}
