import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { running } from "@/server/running.ts";

export type CurrentSession = {
  /** Tells apart who is signed in; tabs with the same one share their events. */
  id: string;
};

/** Who is signed in, or null. For server components; asked once for each page. */
export const currentSession = cache(async (): Promise<CurrentSession | null> => {
  const token = (await cookies()).get("lethe_session")?.value;
  const services = running()?.services;
  if (!token || !services) return null;
  try {
    return { id: (await services.authenticator.session(token)).id };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "UNAUTHORIZED") return null;
    throw error;
  }
});

/** Who is signed in; anybody else is sent to the sign-in page, which leads back to `path`. */
export async function requireSession(path: string): Promise<CurrentSession> {
  return (await currentSession()) ?? redirect(`/sign-in?next=${encodeURIComponent(path)}`);
}
