/** What the list of chats can do for others. */
export type ListView = {
  /** Where the list is scrolled to; pixels. */
  scrollTop: () => number;
  /** Scrolls back to there and focuses a chat's row as soon as the list has it. */
  show: (chatId: string, scrollTop: number) => void;
};

let current: ListView | undefined;

/** Enters the list that is on the page; call what it answers when it leaves. */
export function enterListView(view: ListView): () => void {
  current = view;
  return () => {
    if (current === view) current = undefined;
  };
}

/**
 * Remembers where the person is in the list, before a row goes. Call what it answers to bring the person
 * back there, with the focus on the row that has come back.
 */
export function rememberPlace(chatId: string): () => void {
  const scrollTop = current?.scrollTop() ?? 0;
  return () => current?.show(chatId, scrollTop);
}
