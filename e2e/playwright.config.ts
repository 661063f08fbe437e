import { defineConfig, devices } from "@playwright/test";
import { keepFilesInMemory } from "../.ci/temporary-folder.ts";
import { findBrowser } from "./support/find-browser.ts";

keepFilesInMemory();
const asRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  globalSetup: "./support/global-setup.ts",
  outputDir: "test-results",
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  // A test waits for a quarter of its time, for what the background does or a clock: two cores carry three well.
  workers: 3,
  // No test is a clock: these end one that hangs, on a busy machine too.
  timeout: 240_000,
  expect: { timeout: 60_000 },
  use: {
    ...devices["Desktop Chrome"],
    // Without it, what never comes would be waited for until the test's own end.
    actionTimeout: 60_000,
    // A trace looks at the whole page before and after each step: a sixth of the processor's time. `--trace on` has one.
    trace: "off",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: findBrowser(),
      args: [
        ...(asRoot ? ["--no-sandbox"] : []),
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
