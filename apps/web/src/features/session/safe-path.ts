/** Where to go after signing in: a page of the dashboard. Anything that could lead elsewhere becomes the list. */
export function safePath(next: string | undefined): "/chats" | `/chats/${string}` {
  const page = /^\/chats\/([\w-]+)$/.exec(next ?? "")?.[1];
  return page ? `/chats/${page}` : "/chats";
}
