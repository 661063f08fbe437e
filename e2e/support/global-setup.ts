import { once } from "node:events";
import { createServer } from "node:http";
import { startLethe } from "./start-lethe.ts";

/**
 * Starts a server with the demo, and a page of another origin that may call it. Hands their addresses to the specs through
 * LETHE_E2E_URL, LETHE_E2E_DATA_DIR and LETHE_E2E_FRONTEND.
 * @returns the teardown: stops both and removes the folder.
 */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const frontend = await serveFrontend();
  const environment = {
    LETHE_DEMO: "on",
    // What went wrong is not to be looked for among all requests.
    LETHE_LOG_LEVEL: "warn",
    // Tests sign browsers in with the keys of their tenants, whoever has an account meanwhile.
    LETHE_KEY_SIGN_IN: "on",
    LETHE_ALLOWED_ORIGINS: frontend.url,
    // The receivers of webhooks are on this machine.
    LETHE_WEBHOOK_PRIVATE: "on",
  };
  const { url, dataDir, stop } = await startLethe(environment, "show");
  process.env.LETHE_E2E_URL = url;
  process.env.LETHE_E2E_DATA_DIR = dataDir;
  process.env.LETHE_E2E_FRONTEND = frontend.url;
  return async () => {
    await stop();
    frontend.stop();
  };
}

/** A page of another origin, which is allowed to call. */
async function serveFrontend(): Promise<{ url: string; stop: () => void }> {
  const server = createServer((_, answer) => {
    answer.setHeader("Content-Type", "text/html");
    answer.end("<h1>A frontend of somebody's own</h1>");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://localhost:${typeof address === "object" && address ? address.port : 0}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
