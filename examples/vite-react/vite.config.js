import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/**
 * The server of this page: it holds the API key, and gives a visitor a token that lasts for ten minutes. In a product it asks
 * first who that is.
 */
const tokens = {
  name: "tokens",
  configureServer: ({ middlewares }) => {
    middlewares.use("/token", async (_, answer) => {
      const { VITE_LETHE_URL, LETHE_API_KEY = "" } = process.env;
      const issued = await fetch(`${VITE_LETHE_URL}/api/v1/tokens`, {
        method: "POST",
        headers: { "X-API-Key": LETHE_API_KEY, "Content-Type": "application/json" },
        body: JSON.stringify({ scopes: ["chats:read", "chats:trash", "chats:delete"], expires_in: 600 }),
        signal: AbortSignal.timeout(10_000),
      }).catch(() => undefined);
      answer.statusCode = issued?.status ?? 502;
      answer.setHeader("Content-Type", "application/json");
      answer.end(await issued?.text());
    });
  },
};

export default defineConfig({
  plugins: [react(), tokens],
  build: { rolldownOptions: { input: ["index.html", "chat.html"] } },
});
