/** Tells the other tabs of this browser that the session has changed, so that none shows another's chats. */
export function tellSessionChanged(): void {
  const channel = new BroadcastChannel("lethe-session");
  channel.postMessage("changed");
  channel.close();
}

/** Calls `onChange` when another tab signs in or out. Answers a function that stops listening. */
export function onSessionChanged(onChange: () => void): () => void {
  const channel = new BroadcastChannel("lethe-session");
  channel.addEventListener("message", onChange);
  return () => channel.close();
}
