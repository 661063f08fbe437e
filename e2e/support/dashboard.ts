import { expect, type Locator, type Page } from "@playwright/test";
import type { Api } from "./api.ts";

/** A page of the dashboard, in the words of somebody who uses it. */
export class Dashboard {
  readonly page: Page;
  readonly sidebar: Locator;
  /** The right side: a chat, or what stands there while none is open. */
  readonly openPage: Locator;
  readonly list: Locator;
  readonly search: Locator;
  /** What can be done with the selected chats; it is there while there are some. */
  readonly selectionBar: Locator;
  /** The question before a deletion for good. */
  readonly dialog: Locator;
  readonly cancel: Locator;
  readonly confirm: Locator;
  readonly toasts: Locator;
  readonly composer: Locator;
  readonly messages: Locator;

  constructor(page: Page) {
    this.page = page;
    this.sidebar = page.getByRole("region", { name: "All chats" });
    this.openPage = page.getByRole("region", { name: "Open chat" });
    this.list = page.getByRole("grid", { name: "Chats" });
    this.selectionBar = page.getByRole("toolbar", { name: "Selected chats" });
    this.search = page.getByRole("searchbox", { name: "Search chats" });
    this.dialog = page.getByRole("alertdialog");
    this.cancel = this.dialog.getByRole("button", { name: "Cancel" });
    this.confirm = this.dialog.getByRole("button", { name: "Delete permanently", exact: true });
    this.toasts = page.getByRole("region", { name: "Notifications" });
    this.composer = page.getByRole("textbox", { name: "Message" });
    this.messages = page.getByRole("region", { name: "Messages", exact: true });
  }

  /** Opens the list and waits until it has its first answer, and what is done with chats has been loaded after it. */
  async open(): Promise<void> {
    await this.page.goto("/chats");
    await expect(this.page.getByRole("status", { name: "Loading chats" })).toHaveCount(0);
    await expect(this.search).toBeVisible();
    await expect(this.toasts).toBeAttached();
  }

  /** Opens a chat and waits until it is live. */
  async openChat(chatId: string): Promise<void> {
    await this.page.goto(`/chats/${chatId}`);
    await expect(this.page.getByText(/^\d+ live connections?$/)).toBeVisible();
  }

  /** A chat's link in the list. Titles of one test must not be parts of each other. */
  row(title: string): Locator {
    return this.rows().filter({ has: this.page.locator(":scope > span:first-child", { hasText: title }) });
  }

  rows(): Locator {
    return this.list.getByRole("link");
  }

  /** The titles of the rows that are in the page, from top to bottom. */
  titles(): Locator {
    return this.list.locator("[data-chat-row] > span:first-child");
  }

  /**
   * Waits until the page is told what happens to chats. Before that, it may have to find out by reading them, and a test
   * that keeps it from reading would wait for ever.
   */
  async untilTold(api: Api): Promise<void> {
    const { id } = await api.createChat("Word of it");
    await expect(this.row("Word of it")).toBeVisible();
    expect(await api.deleteChat(id)).toBe(200);
    await expect(this.row("Word of it")).toHaveCount(0);
  }

  /** Does what calls a procedure, and waits for the server's answer: then the page can be left. */
  async answered(procedure: string, act: () => Promise<void>): Promise<number> {
    const answer = this.page.waitForResponse(`**/api/trpc/${procedure}`);
    await act();
    return (await answer).status();
  }

  /** The checkbox of a row. */
  box(title: string): Locator {
    return this.list.getByRole("checkbox", { name: `Select ${title}`, exact: true });
  }

  /** Selects the rows from one to another as one would with a mouse and Shift. */
  async selectRange(from: string, to: string): Promise<void> {
    await this.row(from).focus();
    await this.page.keyboard.press("x");
    await this.box(to).click({ modifiers: ["Shift"] });
    await expect(this.selectionBar).toBeVisible();
  }

  async askToDeleteSelected(): Promise<void> {
    await this.selectionBar.getByRole("button", { name: "Delete permanently…" }).click();
    await expect(this.dialog).toBeVisible();
  }

  /** The selected rows that are in the page, from top to bottom. */
  async selectedTitles(): Promise<string[]> {
    const rows = await this.list.getByRole("row", { selected: true }).evaluateAll((found) =>
      found.map((row) => ({
        place: Number(row.getAttribute("aria-rowindex")),
        title: row.querySelector("a span")?.textContent ?? "",
      })),
    );
    return rows.sort((a, b) => a.place - b.place).map(({ title }) => title);
  }

  /** Moves a chat into the trash with its row's button. Nothing asks. */
  async trashFromList(title: string): Promise<void> {
    await this.row(title).hover();
    await this.list.getByRole("button", { name: `Delete ${title}`, exact: true }).click();
  }

  /** Moves the open chat into the trash. Nothing asks. */
  async trashOpenChat(): Promise<void> {
    await this.openPage.getByRole("button", { name: "Delete", exact: true }).click();
  }

  /** Says yes to the question that "Delete permanently…" of the row's menu brings up. */
  async deleteFromList(title: string): Promise<void> {
    await this.askFromList(title);
    await this.confirm.click();
  }

  async askFromList(title: string): Promise<void> {
    await this.openRowMenu(title);
    await this.item("Delete permanently").click();
    await expect(this.dialog).toBeVisible();
  }

  async openRowMenu(title: string): Promise<void> {
    await this.row(title).hover();
    await this.list.getByRole("button", { name: `More for ${title}`, exact: true }).click();
    await expect(this.page.getByRole("menu")).toBeVisible();
  }

  async deleteOpenChat(): Promise<void> {
    await this.askAboutOpenChat();
    await this.confirm.click();
  }

  async askAboutOpenChat(): Promise<void> {
    await this.openChatMenu();
    await this.item("Delete permanently").click();
    await expect(this.dialog).toBeVisible();
  }

  async openChatMenu(): Promise<void> {
    await this.openPage.getByRole("button", { name: /^More for / }).click();
    await expect(this.page.getByRole("menu")).toBeVisible();
  }

  /** An item of the menu that is open. */
  item(name: string): Locator {
    return this.page.getByRole("menuitem", { name });
  }

  /** Opens the trash and waits until it has its first answer. */
  async openTrash(): Promise<void> {
    await this.page.goto("/trash");
    await expect(this.heading("Trash")).toBeVisible();
    await expect(this.page.getByRole("status", { name: "Loading the Trash" })).toHaveCount(0);
  }

  /** A chat's line in the trash. */
  trashed(title: string): Locator {
    return this.page
      .getByRole("list", { name: "Chats in the Trash" })
      .getByRole("listitem")
      .filter({ hasText: title });
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole("heading", { level: 1, name });
  }

  /** The notification whose text contains all of this. */
  toast(...texts: string[]): Locator {
    return texts.reduce((toast, text) => toast.filter({ hasText: text }), this.toasts.locator("> *"));
  }
}
