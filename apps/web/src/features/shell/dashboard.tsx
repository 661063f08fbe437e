"use client";

import { createLetheClient } from "@lethe/client";
import { LetheProvider } from "@lethe/client/react";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Toaster } from "@/components/ui/toast.tsx";
import { BulkActions } from "@/features/chats/bulk/bulk-actions.tsx";
import { ChatActions } from "@/features/chats/chat-actions.tsx";
import { SelectChats } from "@/features/chats/select/select-chats.tsx";
import { OwnSession } from "@/features/session/own-session.tsx";
import { onSessionChanged } from "@/features/session/session-channel.ts";
import { useUndoKey } from "@/features/undo/use-undo-key.ts";
import { keepFocus } from "@/lib/keep-focus.ts";
import { createQueryClient } from "./create-query-client.ts";
import { Sidebar } from "./sidebar.tsx";

/**
 * The frame of the dashboard: chats on the left, what is open on the right. On narrow screens they are
 * two views.
 */
export function Dashboard(props: { sessionId: string; demo: boolean; children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  const [client] = useState(() => createLetheClient({ url: "" }));
  const pathname = usePathname();
  const isList = pathname === "/chats";

  useUndoKey();
  useEffect(() => onSessionChanged(() => window.location.reload()), []);
  // A change of page may take away what had the focus; the first page has given it to nobody yet.
  const lastPath = useRef(pathname);
  useEffect(() => {
    if (lastPath.current !== pathname) keepFocus();
    lastPath.current = pathname;
  }, [pathname]);

  return (
    <LetheProvider client={client} queryClient={queryClient}>
      <OwnSession value={props.sessionId}>
        <Toaster>
          <SelectChats>
            <ChatActions>
              <BulkActions>
                <main className="flex h-dvh md:grid md:grid-cols-[minmax(17rem,22rem)_minmax(0,1fr)] md:grid-rows-1">
                  <Sidebar sessionId={props.sessionId} demo={props.demo} isList={isList} />
                  <section
                    id="main"
                    aria-label={pathname.startsWith("/chats") ? "Open chat" : "Page"}
                    tabIndex={-1}
                    className={`${isList ? "hidden md:flex" : "flex"} min-h-0 min-w-0 flex-1 flex-col outline-offset-[-2px]`}
                  >
                    {props.children}
                  </section>
                </main>
              </BulkActions>
            </ChatActions>
          </SelectChats>
        </Toaster>
      </OwnSession>
    </LetheProvider>
  );
}
