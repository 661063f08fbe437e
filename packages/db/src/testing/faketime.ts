import { globSync } from "node:fs";
import { run } from "../embedded/binaries.ts";

const INSTALL_TIMEOUT_MS = 240_000;
const INSTALL = `
export DEBIAN_FRONTEND=noninteractive
apt-get update -q &&
  apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=120 faketime`;

const find = () => globSync("/usr/lib/*/faketime/libfaketime.so.1")[0];

/**
 * The environment in which a program's clock of day is off by so many minutes, and nothing else is: by libfaketime,
 * one that the system has, or for root one that apt-get installs. Answers why not, in words for a skipped test.
 */
export const clockOffBy = async (
  minutes: number,
): Promise<{ environment: Record<string, string> } | { missing: string }> => {
  if (find() === undefined) {
    if (process.geteuid?.() !== 0)
      return { missing: "faketime is not installed, and only root can install it" };
    const { code, output } = await run(
      { prefix: ["flock", "--wait", "240", "/tmp/lethe-faketime.lock"] },
      ["sh", "-c", INSTALL],
      { timeoutMs: INSTALL_TIMEOUT_MS },
    );
    if (find() === undefined)
      return { missing: `faketime could not be installed (apt-get: ${code}): ${output.slice(-300)}` };
  }
  const library = find() ?? "";
  const sign = minutes < 0 ? "-" : "+";
  return {
    environment: {
      LD_PRELOAD: library,
      FAKETIME: `${sign}${Math.abs(minutes)}m`,
      DONT_FAKE_MONOTONIC: "1",
    },
  };
};
