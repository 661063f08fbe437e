import { startLethe } from "./start-lethe.ts";

/**
 * Starts a server with the demo, and hands its address to the specs through LETHE_E2E_URL and LETHE_E2E_DATA_DIR.
 * @returns the teardown: stops the server and removes its folder.
 */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const environment = {
    LETHE_DEMO: "on",
    // Tests sign browsers in with the keys of their tenants, whoever has an account meanwhile.
    LETHE_KEY_SIGN_IN: "on",
    // The receivers of webhooks are on this machine.
    LETHE_WEBHOOK_PRIVATE: "on",
  };
  const { url, dataDir, stop } = await startLethe(environment, "show");
  process.env.LETHE_E2E_URL = url;
  process.env.LETHE_E2E_DATA_DIR = dataDir;
  return stop;
}
