import { readFile, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { SentArchive, TenantPlace } from "@lethe/core";
import { z } from "zod";
import { CommandError } from "./output.ts";
import { writeWhole } from "./write-whole.ts";

const archiveSchema = z.strictObject({
  file: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  chats: z.int(),
  skipped: z.int(),
  /** The last chat that could be in it; null: that of the tenant. */
  up_to: z.uuid().nullable(),
});

const setSchema = z.strictObject({
  export: z.strictObject({ tenant_id: z.uuid(), format: z.string(), as_of: z.iso.datetime() }),
  archives: z.array(archiveSchema),
});
type Head = Omit<z.infer<typeof setSchema>["export"], "as_of">;

/**
 * Several archives that are one export: `acme.001.zip` and so on, and `acme.manifest.json`, which binds them together when all are there.
 * Until then `acme.progress.json` says how far it is, so that it can be gone on with.
 */
export class ArchiveSet {
  readonly manifest: string;
  readonly #progress: string;
  readonly #stem: string;
  readonly #head: Head;
  #archives: z.infer<typeof archiveSchema>[] = [];
  #asOf: Date | undefined;

  private constructor(out: string, head: Head) {
    this.#stem = out.replace(/\.zip$/i, "");
    this.manifest = `${this.#stem}.manifest.json`;
    this.#progress = `${this.#stem}.progress.json`;
    this.#head = head;
  }

  /** The set that `out` names, with the archives that an export before this one has left. */
  static async open(out: string, head: Head): Promise<ArchiveSet> {
    const set = new ArchiveSet(out, head);
    await set.#resume();
    return set;
  }

  async #resume(): Promise<void> {
    const text = await readFile(this.#progress, "utf8").catch(() => null);
    if (text === null) return;
    const parsed = setSchema.safeParse(readJson(text));
    const { tenant_id, format, as_of } = parsed.data?.export ?? {};
    if (as_of === undefined || tenant_id !== this.#head.tenant_id || format !== this.#head.format)
      throw new CommandError(
        `${this.#progress} is of another export. Remove it if that is not to be gone on with, or give --out another name.`,
      );
    this.#asOf = new Date(as_of);
    for (const archive of parsed.data?.archives ?? []) {
      const there = await stat(join(dirname(this.#stem), archive.file)).catch(() => null);
      if (there?.size !== archive.bytes) break;
      this.#archives.push(archive);
    }
  }

  /** How many archives there are. */
  get count(): number {
    return this.#archives.length;
  }

  /** Where the next archive begins; undefined: at the first chat. */
  get place(): TenantPlace | undefined {
    const after = this.#archives.at(-1)?.up_to;
    return after && this.#asOf ? { after, asOf: this.#asOf } : undefined;
  }

  /** The file of the next archive. */
  get nextFile(): string {
    return `${this.#stem}.${String(this.count + 1).padStart(3, "0")}.zip`;
  }

  /** Says that the next archive is on the disk, and where it ends: behind the last, `next` is null. */
  async add(
    sent: SentArchive,
    { asOf, next }: { asOf: Date; next: TenantPlace | null },
    signal: AbortSignal,
  ): Promise<void> {
    this.#asOf ??= next?.asOf ?? asOf;
    const { checksum: sha256, bytes, files: chats, skipped } = sent;
    const names = { file: basename(this.nextFile), sha256, bytes, chats, skipped };
    this.#archives.push({ ...names, up_to: next?.after ?? null });
    const done = {
      export: { ...this.#head, as_of: this.#asOf.toISOString() },
      archives: this.#archives,
    } satisfies z.infer<typeof setSchema>;
    const file = next === null ? this.manifest : this.#progress;
    await writeWhole(file, [`${JSON.stringify(done, null, 1)}\n`], signal);
    if (next === null) await rm(this.#progress, { force: true });
  }

  /** What all archives come to. */
  get sums(): { bytes: number; chats: number; skipped: number } {
    const sum = (of: (archive: z.infer<typeof archiveSchema>) => number) =>
      this.#archives.reduce((total, archive) => total + of(archive), 0);
    return {
      bytes: sum((one) => one.bytes),
      chats: sum((one) => one.chats),
      skipped: sum((one) => one.skipped),
    };
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
