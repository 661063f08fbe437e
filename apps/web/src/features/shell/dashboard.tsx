"use client";

import { isWorthRepeating, toLetheError } from "@lethe/client";
import { createPageClient } from "@lethe/client/page";
import { type EventsStatus, LetheProvider } from "@lethe/client/react";
import { QueryCache, QueryClient } from "@tanstack/react-query";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { clearNotes } from "@/features/chats/notes.ts";
import { SelectChatsProvider } from "@/features/chats/select/selection.tsx";
import {
  type OwnSession,
  OwnSessionProvider,
  onSessionChanged,
  returnToSignIn,
} from "@/features/session/own-session.tsx";
import { keepFocus } from "@/lib/keep-focus.ts";
import { later } from "@/lib/later.ts";
import { Sidebar } from "./sidebar.tsx";

const onlyWithTheRest = () => false;
const CarryOutActions = later(
  () => import("@/features/chats/carry-out-actions.tsx").then((module) => module.CarryOutActions),
  onlyWithTheRest,
);
const ConnectionNote = later(
  () => import("./connection-note.tsx").then((module) => module.ConnectionNote),
  onlyWithTheRest,
);

type DashboardProps = {
  session: OwnSession;
  /** Where the tenant's events stood when the page was made. */
  cursor: string;
  children: ReactNode;
};

/**
 * The frame of the dashboard: chats on the left, what is open on the right. On narrow screens they are
 * two views.
 */
export function Dashboard(props: DashboardProps) {
  const [queryClient] = useState(createQueryClient);
  const [client] = useState(createPageClient);
  const [events, setEvents] = useState<EventsStatus>("connecting");
  const pathname = usePathname();
  const isList = pathname === "/chats";

  useEffect(
    () =>
      onSessionChanged((isSignedOut) => {
        if (isSignedOut) clearNotes();
        window.location.reload();
      }),
    [],
  );
  // A change of page may remove the focused element. On the first page nothing has had the focus yet.
  const lastPath = useRef(pathname);
  useEffect(() => {
    if (lastPath.current !== pathname) keepFocus();
    lastPath.current = pathname;
  }, [pathname]);

  return (
    <LetheProvider client={client} queryClient={queryClient}>
      <OwnSessionProvider value={props.session}>
        <SelectChatsProvider>
          <div className="flex h-dvh flex-col">
            <main className="flex min-h-0 flex-1 md:grid md:grid-cols-[minmax(17rem,22rem)_minmax(0,1fr)] md:grid-rows-1 print:block">
              <Sidebar cursor={props.cursor} isList={isList} onStatus={setEvents} />
              <section
                id="main"
                aria-label={pathname.startsWith("/chats") ? "Open chat" : "Page"}
                tabIndex={-1}
                className={`${isList ? "hidden md:flex" : "flex"} min-h-0 min-w-0 flex-1 flex-col outline-offset-[-2px]`}
              >
                {props.children}
              </section>
            </main>
            <ConnectionNote status={events} />
            <CarryOutActions />
          </div>
        </SelectChatsProvider>
      </OwnSessionProvider>
    </LetheProvider>
  );
}

/** The query client of a tab. An ended session leads to the sign-in page, whichever query meets it. */
function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (toLetheError(error).code === "UNAUTHORIZED") returnToSignIn();
      },
    }),
    defaultOptions: {
      queries: {
        // Events keep what is cached up to date.
        staleTime: 30_000,
        retry: (failures, error) => failures < 2 && isWorthRepeating(error),
        retryDelay: (failures) => 500 * 2 ** failures,
        // By default requests wait in silence while the browser thinks that it is offline. These fail and say so.
        networkMode: "always",
        refetchOnReconnect: true,
      },
      mutations: { networkMode: "always" },
    },
  });
}
