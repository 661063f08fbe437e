import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runServer } from "./local-server.ts";

it("ends a server with the processes that it has started", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lethe-server-"));
  const [file, script] = [join(folder, "child"), 'sleep 600 & echo $! > "$0.new" && mv "$0.new" "$0"; wait'];
  const { stop } = await runServer(["sh", "-c", script, file], { folder, ask: () => readFile(file) });
  const child = Number(await readFile(file, "utf8"));
  /** Its first words, as long as it has not ended: proc_pid_stat(5). */
  const state = () =>
    readFile(`/proc/${child}/stat`, "utf8").then(
      (text) => text.split(" ")[2] ?? "",
      () => "Z",
    );
  expect(await state()).not.toBe("Z");
  await stop();
  await expect.poll(state).toBe("Z");
});
