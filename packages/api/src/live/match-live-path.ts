const livePath = /^\/api\/v1\/chats\/([^/?#]+)\/live\/?(?:[?#]|$)/;

/**
 * The chat id in the target of an upgrade request, as it was written; null when the path is not the
 * gateway's.
 */
export function matchLivePath(target: string | undefined): string | null {
  return livePath.exec(target ?? "")?.[1] ?? null;
}
