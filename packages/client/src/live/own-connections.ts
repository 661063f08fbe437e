/** A WebSocket that this tab holds on a chat. */
type OwnConnection = { close: () => Promise<void> };

const open = new Map<string, Set<OwnConnection>>();

/** Registers a connection of this tab. Call the result once the socket has closed. */
export function registerOwnConnection(chatId: string, connection: OwnConnection): () => void {
  const connections = open.get(chatId) ?? new Set();
  open.set(chatId, connections.add(connection));
  return () => {
    connections.delete(connection);
    if (connections.size === 0 && open.get(chatId) === connections) open.delete(chatId);
  };
}

/** How many of a chat's live connections are this tab's own. */
export function ownConnectionCount(chatId: string): number {
  return open.get(chatId)?.size ?? 0;
}

/**
 * Closes this tab's connections to a chat and waits until the server has let go of them, so that a
 * deletion is not refused because of the tab that asks for it.
 */
export async function releaseOwnConnections(chatId: string): Promise<void> {
  await Promise.all([...(open.get(chatId) ?? [])].map((connection) => connection.close()));
}
