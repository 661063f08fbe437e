import { tellSessionChanged } from "./session-channel.ts";
import { deleteSession, type SessionFailure } from "./session-request.ts";

/** Signs out. A full load follows, so that nothing of the session stays in memory. Answers only a failure. */
export async function signOut(): Promise<SessionFailure | null> {
  const failure = await deleteSession();
  if (failure) return failure;
  tellSessionChanged();
  window.location.assign("/sign-in");
  return null;
}

/** The session has ended elsewhere: sign in again and come back here. */
export function returnToSignIn(): void {
  const { pathname } = window.location;
  if (pathname === "/sign-in") return;
  window.location.assign(`/sign-in?next=${encodeURIComponent(pathname)}`);
}
