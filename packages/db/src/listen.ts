import { connectionError } from "./connection-error.ts";
import { type KeptConnection, keepConnected } from "./keep-connected.ts";
import { Session } from "./session/session.ts";

export type ListenOptions = {
  url: string;
  channel: string;
  /**
   * Called for each notification with its payload, and without one after the connection was lost and
   * opened again: something may have been missed, so look for yourself.
   */
  onNotify: (payload?: string) => void;
  /** Called each time the connection is lost or cannot be opened again. */
  onError?: (error: unknown) => void;
};

/**
 * Listens on a PostgreSQL channel over a connection of its own, which is opened again whenever it is
 * lost, until `close`.
 *
 * Throws DatabaseSetupError when the first connection does not come about.
 */
export const listen = async ({
  url,
  channel,
  onNotify,
  onError = () => {},
}: ListenOptions): Promise<KeptConnection> => {
  let reconnecting = false;
  const connect = async () => {
    const client = new Session({ url, applicationName: "lethe listen" });
    client.on("notification", ({ payload }) => onNotify(payload));
    try {
      await client.connect();
      await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    } catch (error) {
      await client.end().catch(() => {});
      throw connectionError(url, error);
    }
    if (reconnecting) onNotify();
    reconnecting = true;
    return client;
  };
  return keepConnected(connect, onError);
};
