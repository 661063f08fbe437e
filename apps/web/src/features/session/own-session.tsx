"use client";

import { createContext, useContext } from "react";

const OwnSessionContext = createContext("");

/** Its `value` is the id of the session that is signed in. */
export const OwnSessionProvider = OwnSessionContext;

/** The id of the session that this page belongs to. */
export function useOwnSession(): string {
  return useContext(OwnSessionContext);
}

/** The session has ended elsewhere: sign in again and come back here. */
export function returnToSignIn(): void {
  const { pathname } = window.location;
  if (pathname === "/sign-in") return;
  window.location.assign(`/sign-in?next=${encodeURIComponent(pathname)}`);
}

let channel: BroadcastChannel | undefined;

/** One channel per page: a `BroadcastChannel` does not receive its own messages. */
function sessionChannel(): BroadcastChannel {
  channel ??= new BroadcastChannel("lethe-session");
  return channel;
}

/** Tells the other tabs of this browser that the session has changed, so that none shows another's chats. */
export function tellSessionChanged(): void {
  sessionChannel().postMessage("changed");
}

/** Calls `onChange` when another tab signs in or out. Returns a function that stops listening. */
export function onSessionChanged(onChange: () => void): () => void {
  const listening = sessionChannel();
  listening.addEventListener("message", onChange);
  return () => listening.removeEventListener("message", onChange);
}
