"use client";

import { useLethe } from "@lethe/client/react";
import {
  Download,
  Eraser,
  Keyboard,
  KeyRound,
  ListChecks,
  Lock,
  LockOpen,
  LogOut,
  type LucideIcon,
  MessagesSquare,
  Monitor,
  Moon,
  ScrollText,
  ShieldCheck,
  SlidersHorizontal,
  SquareDashed,
  SquarePen,
  Sun,
  Trash2,
  Undo2,
  UserRound,
  Users,
} from "lucide-react";
import type { Route } from "next";
import { usePathname, useRouter } from "next/navigation";
import { toasts } from "@/components/ui/toasts.ts";
import { bulkActions, deleteChats, holdChats, trashChats } from "@/features/chats/chat-actions.ts";
import { exportFormats, useExportChat } from "@/features/chats/export/export-items.tsx";
import { useSelectChats } from "@/features/chats/select/selection.tsx";
import { useMay, useOwnSession } from "@/features/session/own-session.tsx";
import { signOut } from "@/features/session/session-request.ts";
import { chatIdIn } from "@/lib/browser.ts";
import { plural } from "@/lib/format.ts";
import { useTheme } from "@/lib/theme.ts";

/** Something that can be picked by its name. */
export type Command = {
  /** Tells commands apart. */
  id: string;
  kind: "Go to" | "Create" | "Act" | "Chat";
  label: string;
  Icon: LucideIcon;
  run: () => void;
};

/** A command, and whether whoever is signed in may do it now. */
type Offer = [isOffered: boolean, kind: Command["kind"], label: string, icon: LucideIcon, run: () => void];

const commandsOf = (offers: Offer[]): Command[] =>
  offers.flatMap(([isOffered, kind, label, Icon, run]) =>
    isOffered ? [{ id: `${kind} ${label}`, kind, label, Icon, run }] : [],
  );

/** All that whoever is signed in can go to, create and do here, besides chats by their titles. */
export function useCommands({
  onNew,
  onShortcuts,
}: {
  onNew: () => void;
  onShortcuts: () => void;
}): Command[] {
  const router = useRouter();
  const isPerson = useOwnSession().person !== null;
  const mayWrite = useMay("chats:write");
  const mayTrash = useMay("chats:trash");
  const mayDelete = useMay("chats:delete");
  const mayMakeKeys = useMay("keys:write");
  const onChat = useOpenChatCommands();
  const onSelected = useSelectedCommands();
  const [, setTheme] = useTheme();
  const page = (href: Route, label: string, icon: LucideIcon, isOffered = true): Offer => [
    isOffered,
    "Go to",
    label,
    icon,
    () => router.push(href),
  ];
  return commandsOf([
    ...onSelected,
    ...onChat,
    [mayWrite, "Create", "New chat", SquarePen, onNew],
    page("/chats", "Chats", MessagesSquare),
    page("/trash", "Trash", Trash2),
    page("/deletions", "Deletions", ScrollText),
    page("/deletions/jobs", "Deletion jobs", ListChecks, mayTrash),
    page("/receipts", "Check a receipt", ShieldCheck),
    page("/settings", "Settings: Trash, retention, webhooks", SlidersHorizontal),
    page("/settings/members", "Settings: members", Users),
    page("/settings/keys", "Settings: API keys", KeyRound, mayMakeKeys),
    page("/settings/account", "Settings: your account", UserRound, isPerson),
    [true, "Act", "Export the Trash…", Download, bulkActions.exportTrash],
    [mayDelete, "Act", "Empty Trash…", Eraser, bulkActions.askToEmptyTrash],
    [true, "Act", "Keyboard shortcuts", Keyboard, onShortcuts],
    [true, "Act", "Light theme", Sun, () => setTheme("light")],
    [true, "Act", "Dark theme", Moon, () => setTheme("dark")],
    [true, "Act", "Theme of the system", Monitor, () => setTheme("system")],
    [true, "Act", "Sign out", LogOut, () => void leave()],
  ]);
}

async function leave(): Promise<void> {
  const failure = await signOut();
  if (failure)
    toasts.add({ type: "error", timeout: 0, title: "Not signed out", description: failure.message });
}

/** What can be done with the chats that are selected, if some are. */
function useSelectedCommands(): Offer[] {
  const { count, clear } = useSelectChats();
  const mayTrash = useMay("chats:trash");
  const mayDelete = useMay("chats:delete");
  const { trashSelected, exportSelected, askToDeleteSelected } = bulkActions;
  if (count === 0) return [];
  const chats = plural(count, "selected chat");
  return [
    [mayTrash, "Act", `Move ${chats} to the Trash`, Trash2, trashSelected],
    [true, "Act", `Export ${chats}…`, Download, exportSelected],
    [mayDelete, "Act", `Delete ${chats} permanently…`, Eraser, askToDeleteSelected],
    [true, "Act", "Select nothing", SquareDashed, clear],
  ];
}

/** What can be done with the chat that is open, if one is. */
function useOpenChatCommands(): Offer[] {
  const { queryClient, trpc } = useLethe();
  const mayTrash = useMay("chats:trash");
  const mayHold = useMay("holds:write");
  const mayDelete = useMay("chats:delete");
  const save = useExportChat();
  const openId = chatIdIn(usePathname());
  const chat = openId && queryClient.getQueryData(trpc.chat.byId.queryKey({ chat_id: openId }));
  if (!chat) return [];
  const { title, hold } = chat;
  const isTrashed = chat.trashed_at !== null;
  return [
    [mayTrash && !isTrashed, "Act", `Move to the Trash: ${title}`, Trash2, () => trashChats.trash(chat)],
    [mayTrash && isTrashed, "Act", `Restore: ${title}`, Undo2, () => trashChats.restore(chat)],
    [mayHold && !hold, "Act", `Put on hold: ${title}`, Lock, () => holdChats.askToHold(chat)],
    [mayHold && hold !== null, "Act", `Release the hold: ${title}`, LockOpen, () => holdChats.release(chat)],
    [mayDelete, "Act", `Delete permanently: ${title}`, Eraser, () => deleteChats.askToDelete(chat)],
    ...exportFormats.map(
      ({ format, label }): Offer => [
        true,
        "Act",
        `Export as ${label}: ${title}`,
        Download,
        () => save(chat, format),
      ],
    ),
  ];
}

/** Those whose name or kind has every word that was typed, or its beginning. */
export function matching(commands: readonly Command[], typed: string): Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return commands.filter(({ label, kind }) => {
    const name = `${kind} ${label}`.toLowerCase();
    return words.every((word) => name.includes(word));
  });
}
