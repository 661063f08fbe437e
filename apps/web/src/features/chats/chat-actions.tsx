"use client";

import type { ReactNode } from "react";
import { DeleteChats } from "./delete/delete-chats.tsx";
import { HoldChats } from "./hold/hold-chats.tsx";
import { TrashChats } from "./trash/trash-chats.tsx";

/** What can be done with chats, and the dialogs and notifications that belong to it. */
export function ChatActions({ children }: { children: ReactNode }) {
  return (
    <HoldChats>
      <TrashChats>
        <DeleteChats>{children}</DeleteChats>
      </TrashChats>
    </HoldChats>
  );
}
