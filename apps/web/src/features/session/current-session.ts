import { sessionCookies } from "@lethe/api/schemas";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { Entrants } from "@/server/entrants.ts";
import { runningServices } from "@/server/service-registry.ts";
import type { OwnSession } from "./own-session.tsx";

async function readCookie(): Promise<string | undefined> {
  const jar = await cookies();
  return sessionCookies.map((name) => jar.get(name)?.value).find(Boolean);
}

/** Who is signed in and looks at a tenant, or null; asked once for each page. */
const readPrincipal = cache(async () => {
  const cookie = await readCookie();
  const lethe = runningServices();
  if (!cookie || !lethe) return null;
  return lethe.services.authenticator.session(cookie).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "UNAUTHORIZED") return null;
    throw error;
  });
});

const readPerson = cache(async () => {
  const cookie = await readCookie();
  return (cookie && (await runningServices()?.entrants.person(cookie))) || null;
});

const toPerson = (person: Awaited<ReturnType<Entrants["person"]>>): OwnSession["person"] =>
  person && {
    ...{ name: person.name, email: person.email, hasSecondFactor: person.hasSecondFactor },
    ...{ hasPassword: person.hasPassword, isConnected: person.isConnected },
    tenants: person.memberships.map(({ tenantId: id, ...membership }) => ({ id, ...membership })),
  };

/** Who is signed in, and where the tenant's events stand: what a page reads from now on has all up to there. */
export async function currentSession(): Promise<{ session: OwnSession; cursor: string } | null> {
  const principal = await readPrincipal();
  const lethe = runningServices();
  if (!principal || !lethe) return null;
  const { tenantId, id: actorId, holderId, sessionId, name, role, scopes } = principal;
  const cursor = lethe.services.feed.head(tenantId);
  const [person, tenantName] = await Promise.all([
    role === null ? null : readPerson(),
    lethe.entrants.tenantName(tenantId),
  ]);
  const session: OwnSession = {
    ...{ id: `${sessionId ?? actorId} ${tenantId}`, actorId, holderId, name, scopes },
    person: toPerson(person),
    tenant: { id: tenantId, name: tenantName, role },
    provider: lethe.services.signIn.provider?.name ?? null,
    isDemo: lethe.entrants.isDemo(tenantId),
  };
  return { session, cursor };
}

/** Sends whoever is not signed in to the sign-in page, which leads back to this one. Answers whether it is the demo's. */
export async function requireSession(): Promise<{ isDemo: boolean }> {
  const principal = await readPrincipal();
  const lethe = runningServices();
  if (!principal || !lethe) {
    const address = (await headers()).get("x-address") ?? "/chats";
    redirect(`/sign-in?next=${encodeURIComponent(address)}`);
  }
  return { isDemo: lethe.entrants.isDemo(principal.tenantId) };
}

/** What the pages for those who are not signed in offer. */
export type Entrances = {
  /** Whether somebody looks at a tenant already. */
  isSignedIn: boolean;
  /** The address of the person who is signed in, whether they look at a tenant or not. */
  signedInAs: string | null;
  /** A person who is signed in and belongs to no tenant, or looks at none. */
  outside: OwnSession["person"];
  demo: boolean;
  /** Whether people have accounts here. */
  people: boolean;
  /** Whether API keys sign browsers in. */
  keys: boolean;
  /** Whether who has forgotten their password is sent a link. */
  sendsMail: boolean;
  /** What people call the provider of identities, where there is one. */
  provider: string | null;
};

/** For server components of pages outside the dashboard. */
export async function findEntrances(): Promise<Entrances> {
  const lethe = runningServices();
  const [principal, person, people] = await Promise.all([
    readPrincipal(),
    readPerson(),
    lethe?.entrants.hasPeople() ?? false,
  ]);
  const { demo = false, signIn, mailer = null } = lethe?.services ?? {};
  return {
    isSignedIn: principal !== null,
    signedInAs: person?.email ?? null,
    outside: principal === null ? toPerson(person) : null,
    ...{ demo, people },
    keys: signIn?.byKey === "on" || (signIn?.byKey === "until_people" && !people),
    sendsMail: mailer !== null,
    provider: signIn?.provider?.name ?? null,
  };
}
