import { LetheError } from "@lethe/core";
import type { ApiApp } from "../http/env.ts";

/** Explains itself to whoever reaches the WebSocket's address with plain HTTP, such as through a proxy. */
export function mountLiveWithoutUpgrade(app: ApiApp): void {
  app.get("/api/v1/chats/:chat_id/live", () => {
    throw new LetheError(
      "BAD_REQUEST",
      "invalid_request",
      "This address speaks WebSocket: connect with ws:// or wss://. A proxy on the way must pass Upgrade and Connection on.",
    );
  });
}
