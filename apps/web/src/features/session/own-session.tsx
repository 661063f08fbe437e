"use client";

import { createContext, useContext } from "react";
import type { Role, Scope } from "@/features/people/roles.ts";

export type OwnTenant = {
  id: string;
  name: string;
  role: Role;
  /** Whether it opens only once they have turned on a second factor. */
  lacksSecondFactor: boolean;
};

export type OwnPerson = {
  name: string;
  email: string;
  hasSecondFactor: boolean;
  hasPassword: boolean;
  /** Whether they have connected the provider of identities. */
  isConnected: boolean;
  tenants: readonly OwnTenant[];
};

/** Who is signed in in this browser, and what they may do in the tenant that they look at. */
export type OwnSession = {
  /** Tells sessions apart, and the tenants that one looks at: tabs of the same share their events. */
  id: string;
  /** Under which the ledger and the trash have what they do. */
  actorId: string;
  /** The person, or the key that the browser was signed in with: the same after the next sign-in. */
  holderId: string;
  /** Null for a browser that was signed in with an API key. */
  person: OwnPerson | null;
  /** What the key is called, or the person. */
  name: string;
  tenant: { id: string; name: string; role: Role | null };
  scopes: readonly Scope[];
  /** What people call the provider of identities, where there is one. */
  provider: string | null;
  /** Whether it is the demo tenant, whose chats are there to be deleted. */
  isDemo: boolean;
};

const OwnSessionContext = createContext<OwnSession | null>(null);

export const OwnSessionProvider = OwnSessionContext;

/** Who is signed in. */
export function useOwnSession(): OwnSession {
  const session = useContext(OwnSessionContext);
  if (session === null) throw new Error("Outside the dashboard nobody is signed in");
  return session;
}

/** Whether whoever is signed in may do what takes these scopes. */
export function useMay(...needed: Scope[]): boolean {
  const { scopes } = useOwnSession();
  return needed.every((scope) => scopes.includes(scope));
}

/** Another person, role or tenant from now on: the other tabs follow, and this one begins at `path`. */
export function beginSession(path: string): void {
  tellSessionChanged();
  window.location.assign(path);
}

/** Whether this page itself is ending or changing the session, and knows where it goes then. */
let isOwnDoing = false;
/** In which the next page comes, or does not: a browser's user may have stopped it. */
const leavingMs = 60_000;

/** Of a page that stays where it is: whether it has another session now, as soon as that is known. */
let renewal: Promise<boolean> | undefined;

/**
 * Whether it was this page that has just changed its session, and stays: what the one before had open ends, and may begin
 * again. True once for each change, when the new session is there.
 */
export async function hasRenewedSession(): Promise<boolean> {
  const last = renewal;
  renewal = undefined;
  return (await last) ?? false;
}

/**
 * Ends or changes the session. Streams notice that, maybe before the answer is here, and would lead to the sign-in and back:
 * they do not. `change` answers why it was refused, or null; `stays` says that the page goes on in the session that it has then.
 */
export async function changeSession<Refused>(
  change: () => Promise<Refused | null>,
  { stays = false } = {},
): Promise<Refused | null> {
  isOwnDoing = true;
  const changing = change();
  renewal = stays ? changing.then((refused) => refused === null) : undefined;
  const refused = await changing;
  const stay = () => {
    isOwnDoing = false;
  };
  if (refused !== null) {
    stay();
    return refused;
  }
  setTimeout(stay, leavingMs);
  // A page that was left may be come back to.
  window.addEventListener("pageshow", stay, { once: true });
  return null;
}

/** The session has ended elsewhere: sign in again and come back here. */
export function returnToSignIn(): void {
  const { pathname, search } = window.location;
  if (isOwnDoing || pathname === "/sign-in") return;
  window.location.assign(`/sign-in?next=${encodeURIComponent(pathname + search)}`);
}

let channel: BroadcastChannel | undefined;

/** One channel per page: a `BroadcastChannel` does not receive its own messages. */
function sessionChannel(): BroadcastChannel {
  channel ??= new BroadcastChannel("lethe-session");
  return channel;
}

/** Tells the other tabs of this browser that the session has changed, so that none shows another's chats. */
export function tellSessionChanged(what: "changed" | "signed out" = "changed"): void {
  sessionChannel().postMessage(what);
}

/** Calls `onChange` when another tab signs in or out, with whether it signed out. Returns a function that stops listening. */
export function onSessionChanged(onChange: (isSignedOut: boolean) => void): () => void {
  const listening = sessionChannel();
  const hear = ({ data }: MessageEvent<unknown>) => onChange(data === "signed out");
  listening.addEventListener("message", hear);
  return () => listening.removeEventListener("message", hear);
}
