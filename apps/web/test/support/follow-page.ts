import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApiKey, demoApiKey, demoChatId, demoTenantId } from "@lethe/core";
import type { TestDatabase } from "@lethe/db/testing";
import { differences, filled, isLike, type Known } from "./likeness.ts";
import { root, type Sample } from "./samples.ts";

/** Somebody who follows a page from top to bottom, in one folder, with the demo as it is after a first start. */
export type Follower = {
  folder: string;
  /** What stands for what the page shows. */
  known: Known;
  /** Runs a program of the page to its end, however it ends. */
  run(program: Pick<Sample, "language" | "code">): Promise<Said>;
  /** Starts one that has no end of its own. */
  start(program: Pick<Sample, "language" | "code">): Promise<Started>;
  close(): Promise<void>;
};

/** What a program did. `statuses` are those of the answers that curl got, `missing` what this machine does not have. */
export type Said = { code: number; stdout: string; statuses: number[]; stderr: string; missing: string };

type Started = { stdout: () => string; end: () => Promise<void> };

/** Where what programs import is installed. */
const packages = {
  "@lethe/client": "packages/client",
  jose: "packages/receipts/node_modules/jose",
};

let count = 0;

/** Opens a page for somebody to follow, on the server at `url` with the demo in `database`. */
export async function followPage(url: string, { db, url: databaseUrl }: TestDatabase): Promise<Follower> {
  const folder = await mkdtemp(join(tmpdir(), "lethe-page-"));
  await provide(folder);
  count += 1;
  // A key of its own, so that its limits and retries are this page's; it looks like the demo's where it is shown.
  const apiKey = `${demoApiKey}-${count}`;
  await createApiKey(db, { tenantId: demoTenantId, name: "Demo key, known to everybody", secret: apiKey });
  const known: Known = new Map([
    ["http://localhost:8000", url],
    ["ws://localhost:8000", url.replace("http", "ws")],
    [demoApiKey, apiKey],
    [demoChatId, await writeChat(db)],
  ]);
  /** A sample works by itself, whatever the one before has deleted. */
  const bringChat = async () => {
    const there = await db.chat.findFirst({ where: { id: known.get(demoChatId) ?? "" } });
    if (!there) known.set(demoChatId, await writeChat(db));
  };
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    PATH: `${join(folder, "bin")}:${process.env.PATH}`,
  };
  const launch: Launch = async (sample) => {
    if (sample.code.includes(demoChatId)) await bringChat();
    const [program, args] = await commandFor(sample.language, filled(sample.code, known), folder);
    const child = spawn(program, args, {
      cwd: folder,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 240_000,
    });
    return { child, stdout: collect(child.stdout), stderr: collect(child.stderr) };
  };
  return {
    folder,
    known,
    run: async (sample) => endOf(await launch(sample)),
    start: async (sample) => {
      const { child, stdout } = await launch(sample);
      return {
        stdout,
        end: async () => {
          if (child.exitCode !== null) return;
          child.kill();
          await once(child, "close");
        },
      };
    },
    close: async () => {
      // So that it is not found on other pages.
      const chat = `${url}/api/v1/chats/${known.get(demoChatId)}?force=true`;
      await fetch(chat, { method: "DELETE", headers: { "X-API-Key": apiKey } });
      await rm(folder, { recursive: true });
    },
  };
}

type Launch = (
  sample: Pick<Sample, "language" | "code">,
) => Promise<{ child: ChildProcess; stdout: () => string; stderr: () => string }>;

const collect = (stream: NodeJS.ReadableStream) => {
  let text = "";
  stream.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  return () => text;
};

async function endOf({ child, stdout, stderr }: Awaited<ReturnType<Launch>>): Promise<Said> {
  const [code] = await once(child, "close").catch((failed) => [failed]);
  const answered = [...stderr().matchAll(/^curl was answered (\d+)$/gm)];
  const absent = /\b(curl|openssl|unzip): not found|No module named '(cryptography)'|spawn (python3) ENOENT/;
  const [, ...missing] = absent.exec(`${code} ${stderr()}`) ?? [];
  return {
    code: Number(code),
    stdout: stdout(),
    stderr: stderr(),
    statuses: answered.map(([, status]) => Number(status)),
    missing: missing.find(Boolean) ?? "",
  };
}

const refuse = 'echo "$0 $*: not here; say in the page who tests it, or why nobody does" >&2; exit 97';

/** What the reader has besides: Lethe's command line, curl, and packages that were installed. */
async function provide(folder: string): Promise<void> {
  const tools = {
    // What `pnpm lethe` is by package.json, wherever it is called.
    pnpm: `[ "$1" = lethe ] || { ${refuse}; }; shift; exec '${process.execPath}' '${root}apps/cli/src/main.ts' "$@"`,
    // These would install, build or start what is under test.
    ...{ npx: refuse, npm: refuse, git: refuse },
    curl: `PATH=\${PATH#*:}; exec curl --write-out '%{stderr}\\ncurl was answered %{http_code}\\n' "$@"`,
  };
  await mkdir(join(folder, "bin"));
  for (const [name, line] of Object.entries(tools)) {
    await writeFile(join(folder, "bin", name), `#!/bin/sh\n${line}\n`);
    await chmod(join(folder, "bin", name), 0o755);
  }
  await mkdir(join(folder, "node_modules/@lethe"), { recursive: true });
  for (const [name, place] of Object.entries(packages))
    await symlink(join(root, place), join(folder, "node_modules", name));
}

/** How a program is run: as its first line says, `// node verify.mjs answer.json`, or alone. */
async function commandFor(language: string, code: string, folder: string): Promise<[string, string[]]> {
  // What one block exports the next finds, as in one terminal.
  if (language === "sh")
    return ["sh", ["-ec", `[ ! -f .exported ] || . ./.exported\n${code}\nexport -p > .exported`]];
  const [, asked, args = ""] = /^(?:\/\/|#) \w+ (\S+\.\w+)([^(\n]*)/.exec(code) ?? [];
  const file = asked ?? { ts: "program.mts", python: "program.py" }[language] ?? "program.mjs";
  await writeFile(join(folder, file), code);
  const words = [file, ...args.trim().split(" ").filter(Boolean)];
  return [language === "python" ? "python3" : process.execPath, words];
}

/** Where what a sample did is not what its page says; empty: nowhere. */
export function faultsOf(said: Said, shown: Sample | undefined, known: Known): string[] {
  const faults = said.code === 0 ? [] : [`it ended with ${said.code}: ${said.stderr}`];
  const [, line, member] = /^HTTP\/\S+ (\d+)|^ *"status": (\d+)/m.exec(shown?.code ?? "") ?? [];
  const expected = line ?? member;
  for (const [index, status] of said.statuses.entries()) {
    const isShown = expected !== undefined && index === said.statuses.length - 1;
    const isRight = isShown ? status === Number(expected) : status >= 200 && status < 300;
    if (!isRight) faults.push(`it was answered ${status}: ${said.stdout}`);
  }
  if (shown === undefined || faults.length > 0) return faults;
  if (shown.language === "json") return differences(JSON.parse(shown.code), JSON.parse(said.stdout), known);
  const lines = said.stdout.split(/\r?\n/);
  return shown.code
    .trim()
    .split("\n")
    .filter((one) => !lines.some((actual) => isLike(lowerName(one), lowerName(actual), known)))
    .map((one) => `it did not say “${one}” but ${said.stdout}`);
}

/** A header's name is the same in any case. */
const lowerName = (line: string) => line.replace(/^[\w-]+: /, (name) => name.toLowerCase());

/** Keeps the chat that pages delete beside the product's tables, so that each page can have it as its own. */
export async function keepDemoChat({ db }: TestDatabase): Promise<void> {
  await db.$executeRaw`CREATE SCHEMA kept`;
  await db.$executeRaw`CREATE TABLE kept.chat AS SELECT * FROM chat WHERE id = ${demoChatId}::uuid`;
  await db.$executeRaw`CREATE TABLE kept.title AS SELECT * FROM title_index WHERE chat_id = ${demoChatId}::uuid`;
  await db.$executeRaw`CREATE TABLE kept.message AS SELECT * FROM message WHERE chat_id = ${demoChatId}::uuid`;
  await db.chat.deleteMany({ where: { tenantId: demoTenantId, id: demoChatId } });
  await db.message.deleteMany({ where: { tenantId: demoTenantId, chatId: demoChatId } });
}

/** Writes that chat anew under another id, as the latest. */
async function writeChat(db: TestDatabase["db"]): Promise<string> {
  const id = randomUUID();
  await db.$transaction([
    db.$executeRaw`INSERT INTO transcript (tenant_id, chat_id, created_at)
      SELECT tenant_id, ${id}::uuid, created_at FROM kept.chat`,
    db.$executeRaw`INSERT INTO chat (tenant_id, id, title, title_folded, message_count, version, created_at, updated_at)
      SELECT tenant_id, ${id}::uuid, title, title_folded, message_count, version, created_at, now() FROM kept.chat`,
    db.$executeRaw`INSERT INTO title_index (tenant_id, chat_id, terms, folded)
      SELECT tenant_id, ${id}::uuid, terms, folded FROM kept.title`,
    db.$executeRaw`INSERT INTO message (tenant_id, chat_id, seq, author, body, created_at, terms)
      SELECT tenant_id, ${id}::uuid, seq, author, body, created_at, terms FROM kept.message`,
  ]);
  return id;
}
