import type { Services } from "@lethe/api";
import { sessionCookies } from "@lethe/api/schemas";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { runningServices } from "@/server/service-registry.ts";
import { demoKey } from "./session-request.ts";

type CurrentSession = {
  /** Tells apart who is signed in; tabs with the same one share their events. */
  id: string;
  /** Where the tenant's events stand: what a page reads from now on has everything up to here. */
  cursor: string;
  /** Whether it is the demo tenant, whose chats are there to be deleted. */
  isDemo: boolean;
};

/** Who is signed in, or null. For server components; asked once for each page. */
export const currentSession = cache(async (): Promise<CurrentSession | null> => {
  const jar = await cookies();
  const token = sessionCookies.map((name) => jar.get(name)?.value).find(Boolean);
  const services = runningServices()?.services;
  if (!token || !services) return null;
  try {
    const { id, tenantId } = await services.authenticator.session(token);
    const cursor = services.feed.head(tenantId);
    return { id, cursor, isDemo: services.demo && tenantId === (await demoTenantId(services)) };
  } catch (error) {
    if (isUnauthorized(error)) return null;
    throw error;
  }
});

async function demoTenantId({ authenticator }: Services): Promise<string | null> {
  try {
    return (await authenticator.apiKey(demoKey)).tenantId;
  } catch (error) {
    if (isUnauthorized(error)) return null;
    throw error;
  }
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "UNAUTHORIZED";
}

/** Who is signed in; anybody else is sent to the sign-in page, which leads back to `path`. */
export async function requireSession(path: string): Promise<CurrentSession> {
  return (await currentSession()) ?? redirect(`/sign-in?next=${encodeURIComponent(path)}`);
}

/** Whether this process has the demo tenant. For server components. */
export function isDemoOffered(): boolean {
  return runningServices()?.services.demo ?? false;
}
