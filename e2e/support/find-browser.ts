import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";

/** Chromium without the windows around pages: what they draw themselves costs a third of the processor's time. */
const shell = "/usr/bin/chromium-headless-shell";
const systemBrowsers = [shell, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const asRoot = process.getuid?.() === 0;

/**
 * The path of a Chromium: the one that PLAYWRIGHT_CHROMIUM names, Playwright's own, Debian's shell of it, which
 * root installs where it is missing, or any other of the system's.
 * @throws when none is there and none can be installed; the message says what to do.
 */
export function findBrowser(): string {
  const named = process.env.PLAYWRIGHT_CHROMIUM;
  if (named) {
    if (!existsSync(named)) throw new Error(`PLAYWRIGHT_CHROMIUM names ${named}, which does not exist`);
    return named;
  }
  const own = chromium.executablePath();
  if (existsSync(own)) return own;
  if (asRoot && !existsSync(shell)) installShell();
  return present() ?? installAny();
}

function present(): string | undefined {
  return [chromium.executablePath(), ...systemBrowsers].find((path) => existsSync(path));
}

/** One at a time on this machine: tests install what they need too. */
const install = `
  [ -e ${shell} ] || { apt-get update && apt-get install --yes --no-install-recommends chromium-headless-shell; }`;

function installShell(): void {
  attempt("flock", ["--wait", "240", "/tmp/lethe-install.lock", "sh", "-c", install], 600_000);
}

function installAny(): string {
  attempt("playwright", ["install", "chromium"], 120_000);
  const path = present();
  if (!path) {
    throw new Error(
      "No Chromium was found and none could be installed. Install one (Debian: apt-get install " +
        "chromium-headless-shell) or set PLAYWRIGHT_CHROMIUM to the path of yours.",
    );
  }
  return path;
}

function attempt(command: string, args: string[], timeout: number): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  // Standard output stays clean: a reporter may be writing JSON to it.
  spawnSync(command, args, { stdio: ["ignore", 2, 2], timeout, env });
}

// As a program it sees to it that there is one.
if (import.meta.main) findBrowser();
