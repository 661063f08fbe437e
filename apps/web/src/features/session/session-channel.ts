let channel: BroadcastChannel | undefined;

/** One for the page: a channel does not hear what it says itself. */
function sessionChannel(): BroadcastChannel {
  channel ??= new BroadcastChannel("lethe-session");
  return channel;
}

/** Tells the other tabs of this browser that the session has changed, so that none shows another's chats. */
export function tellSessionChanged(): void {
  sessionChannel().postMessage("changed");
}

/** Calls `onChange` when another tab signs in or out. Answers a function that stops listening. */
export function onSessionChanged(onChange: () => void): () => void {
  const listening = sessionChannel();
  listening.addEventListener("message", onChange);
  return () => listening.removeEventListener("message", onChange);
}
