import { describe, expect, test } from "vitest";
import {
  add,
  drop,
  extend,
  isSelected,
  listed,
  nothing,
  type Selection,
  select,
  sizeOf,
  toggle,
  unlessChosen,
} from "./selection.tsx";

const order = ["a", "b", "c", "d", "e"];
const picked = (selection: Selection) =>
  selection.kind === "some" ? [...selection.ids].sort().join("") : "";

describe("toggle", () => {
  test("puts a chat in and takes it out", () => {
    const one = toggle(nothing, "b");
    expect(picked(one)).toBe("b");
    expect(picked(toggle(one, "b"))).toBe("");
  });

  test("leaves what it was given alone", () => {
    toggle(nothing, "b");
    expect(sizeOf(nothing)).toBe(0);
  });
});

describe("extend", () => {
  test("takes the rows between the anchor and the end, in both directions", () => {
    const anchored = toggle(nothing, "c");
    expect(picked(extend(anchored, order, "c", "e"))).toBe("cde");
    expect(picked(extend(anchored, order, "c", "a"))).toBe("abc");
  });

  test("shrinks and turns round as the end moves, and keeps what was selected before", () => {
    let selection = toggle(toggle(nothing, "a"), "c");
    selection = extend(selection, order, "c", "e");
    expect(picked(selection)).toBe("acde");
    selection = extend(selection, order, "c", "d");
    expect(picked(selection)).toBe("acd");
    selection = extend(selection, order, "c", "b");
    expect(picked(selection)).toBe("abc");
  });

  test("begins where the focus is when nothing was picked, or the anchor has gone", () => {
    expect(picked(extend(nothing, order, "b", "c"))).toBe("bc");
    expect(picked(extend(toggle(nothing, "gone"), order, "d", "e"))).toBe("degone");
  });

  test("does nothing towards a row that is not there", () => {
    const selection = toggle(nothing, "c");
    expect(extend(selection, order, "c", "gone")).toBe(selection);
  });

  test("takes a new row that came in between", () => {
    const selection = extend(toggle(nothing, "a"), order, "a", "b");
    expect(picked(extend(selection, ["a", "new", "b"], "a", "b"))).toBe("abnew");
  });
});

describe("drop", () => {
  test("takes out what has gone, also from behind a range", () => {
    const selection = drop(select(["a", "b", "c"], "c"), ["b", "z"]);
    expect(picked(selection)).toBe("ac");
    expect(selection.kind === "some" && picked(extend(selection, order, "c", "d"))).toBe("acd");
  });

  test("is the same object when nothing changes", () => {
    const selection = select(["a"]);
    expect(drop(selection, ["b"])).toBe(selection);
  });
});

describe("add", () => {
  test("puts in what came back, and a range that is being drawn goes on", () => {
    const drawn = extend(select(["a"], "c"), order, "c", "d");
    const more = add(drawn, ["b"]);
    expect(picked(more)).toBe("abcd");
    expect(more.kind === "some" && picked(extend(more, order, "c", "c"))).toBe("abc");
  });
});

describe("listed", () => {
  test("has what was picked for as long as it is among the chats, and again when it is back", () => {
    const all = extend(select(["a"], "b"), order, "b", "d");
    const gone = new Set(["a", "c"]);
    const seen = listed(all, (id) => !gone.has(id));
    expect(picked(seen)).toBe("bd");
    expect(seen.kind === "some" && picked(extend(seen, order, "b", "b"))).toBe("b");
    expect(listed(all, () => true)).toBe(all);
  });
});

describe("all that match", () => {
  const all: Selection = {
    kind: "matching",
    search: "x",
    criteria: {},
    count: 1_204,
    asOf: "2026-01-15T10:00:00.000Z",
  };

  test("counts what is not loaded", () => expect(sizeOf(all)).toBe(1_204));

  test("has nothing that is newer than the moment it was made", () => {
    expect(isSelected(all, { id: "a", updated_at: "2026-01-15T09:59:59.999Z" })).toBe(true);
    expect(isSelected(all, { id: "b", updated_at: "2026-01-15T10:00:00.000Z" })).toBe(false);
  });

  test("does not shrink with events: what it comes to is counted again before anything happens", () => {
    expect(drop(all, ["a"])).toBe(all);
    expect(listed(all, () => false)).toBe(all);
  });

  test("is not changed by a set that comes back", () => expect(add(all, ["a"])).toBe(all));

  test("comes back after a failure unless something was selected meanwhile", () => {
    const one = select(["a"]);
    expect(unlessChosen(nothing, all)).toBe(all);
    expect(unlessChosen(one, all)).toBe(one);
  });
});
