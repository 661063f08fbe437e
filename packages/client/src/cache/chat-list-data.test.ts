import { describe, expect, test } from "vitest";
import { chat, pages } from "../testing/fixtures.ts";
import { type ChatListData, placeChat, withoutChats } from "./list-data.ts";

const titles = (data: ChatListData) => data.pages.map((page) => page.data.map(({ title }) => title).join(""));

describe("withoutChats", () => {
  test("takes out what is gone, on every page", () => {
    const data = pages([[chat("a", 9), chat("b", 8)], [chat("c", 7)]]);
    expect(titles(withoutChats(data, ({ id }) => id === "id-b" || id === "id-c"))).toEqual(["a", ""]);
  });

  test("keeps one row of a chat that two pages have", () => {
    const data = pages([[chat("a", 9)], [chat("a", 5), chat("b", 4)]]);
    expect(titles(withoutChats(data, () => false))).toEqual(["a", "b"]);
  });

  test("is the same object if nothing changes", () => {
    const data = pages([[chat("a", 9)]]);
    expect(withoutChats(data, () => false)).toBe(data);
  });
});

describe("placeChat", () => {
  test("puts a chat between its neighbours", () => {
    const data = pages([[chat("a", 9), chat("c", 7)], [chat("d", 6)]]);
    expect(titles(placeChat(data, chat("b", 8)))).toEqual(["abc", "d"]);
  });

  test("moves a chat whose activity is newer", () => {
    const data = pages([[chat("a", 9), chat("b", 8)], [chat("c", 7)]]);
    expect(titles(placeChat(data, chat("c", 10, { version: 2 })))).toEqual(["cab", ""]);
  });

  test("breaks ties by id, from high to low, as the server does", () => {
    const data = pages([[chat("c", 5), chat("a", 5)]]);
    expect(titles(placeChat(data, chat("b", 5)))).toEqual(["cba"]);
  });

  test("sorts the trash by when chats came into it", () => {
    const trashed = (name: string, minute: number) =>
      chat(name, 60 - minute, { trashed_at: new Date(Date.UTC(2026, 0, 16, 0, minute)).toISOString() });
    const data = pages([[trashed("a", 9), trashed("c", 7)]]);
    expect(titles(placeChat(data, trashed("b", 8)))).toEqual(["abc"]);
  });

  test("sorts by creation, and from the oldest on, as the list is asked for", () => {
    const made = (name: string, minute: number, used: number) =>
      chat(name, used, { created_at: new Date(Date.UTC(2026, 0, 15, 0, minute)).toISOString() });
    const data = pages([[made("c", 7, 1), made("a", 9, 2)]]);
    const oldest = { sort: "created", order: "oldest_first" } as const;
    expect(titles(placeChat(data, made("b", 8, 30), oldest))).toEqual(["cba"]);
    expect(titles(placeChat(data, made("b", 9, 30), oldest))).toEqual(["cab"]);
    expect(titles(placeChat(pages([[chat("a", 1), chat("b", 2)]]), chat("a", 3), oldest))).toEqual(["ab"]);
  });

  test("takes out a chat that has moved to where nothing is loaded", () => {
    const data = pages([[chat("a", 1), chat("b", 2)]], true);
    expect(titles(placeChat(data, chat("a", 9), { order: "oldest_first" }))).toEqual(["b"]);
    expect(titles(placeChat(data, chat("b", 9), { order: "oldest_first" }))).toEqual(["ab"]);
  });

  test("leaves out a chat that belongs on a page that is not loaded", () => {
    const data = pages([[chat("a", 9)]], true);
    expect(placeChat(data, chat("z", 1))).toBe(data);
  });

  test("keeps it at the end if it was there before", () => {
    const data = pages([[chat("a", 9)]], true);
    expect(titles(placeChat(data, chat("z", 1), { keep: true }))).toEqual(["az"]);
  });

  test("appends on the last page of all", () => {
    expect(titles(placeChat(pages([[chat("a", 9)], []]), chat("z", 1)))).toEqual(["a", "z"]);
  });

  test("fills an empty list", () => {
    expect(titles(placeChat(pages([[]]), chat("a", 1)))).toEqual(["a"]);
  });
});
