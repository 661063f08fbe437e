"use client";

import type { DeletionRecord } from "@lethe/api/schemas";
import { Search } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { cn, fieldClasses, Input } from "@/components/ui/controls.tsx";
import { describeActor } from "./describe-deletion.tsx";

const names = ["state", "chat", "by", "from", "to"] as const;

/** What the address says: which lines of the ledger to show. All are texts, empty where nothing is said. */
type Asked = Record<(typeof names)[number], string>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const isState = (text: string) => text === "pending" || text === "erased";

/** The filter that stands in the address, so that it survives a reload and can be passed on, and how to change it. */
export function useLedgerFilter() {
  const params = useSearchParams();
  const asked: Asked = {
    state: params.get("state") ?? "",
    chat: params.get("chat") ?? "",
    by: params.get("by") ?? "",
    from: params.get("from") ?? "",
    to: params.get("to") ?? "",
  };
  function change(part: Partial<Asked>): void {
    const next = new URLSearchParams();
    for (const name of names) {
      const value = part[name] ?? asked[name];
      if (value) next.set(name, value);
    }
    window.history.replaceState(null, "", next.size > 0 ? `?${next}` : window.location.pathname);
  }
  return { asked, change, filter: filterOf(asked), isFiltered: names.some((name) => asked[name] !== "") };
}

/** The same as the API takes it. What the address says amiss is left out. */
function filterOf({ state, chat, by, from, to }: Asked) {
  const [begin, end] = [startOfDay(from, 0), startOfDay(to, 1)];
  return {
    ...(isState(state) && { state: state === "pending" ? ("pending" as const) : ("erased" as const) }),
    ...(uuid.test(chat) && { chat_id: chat }),
    ...(by && { actor_id: by.slice(0, 200) }),
    // Times are strict, and have milliseconds.
    ...(begin && { deleted_after: new Date(begin.getTime() - 1).toISOString() }),
    ...(end && { deleted_before: end.toISOString() }),
  };
}

/** The first moment of a day ("2026-11-24") in the reader's time zone, or of so many days later. */
function startOfDay(day: string, later: number): Date | undefined {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  return year === undefined ? undefined : new Date(Number(year), Number(month) - 1, Number(date) + later);
}

const states = [
  { value: "", label: "All" },
  { value: "pending", label: "Being erased" },
  { value: "erased", label: "Erased" },
];

type LedgerFilterProps = {
  asked: Asked;
  onChange: (part: Partial<Asked>) => void;
  /** Lines that are shown, of which the actors can be picked. */
  lines: DeletionRecord[];
};

/** Which lines of the ledger to show: by state, chat, actor and day. */
export function LedgerFilter({ asked, onChange, lines }: LedgerFilterProps) {
  const ids = { from: useId(), to: useId(), by: useId() };
  const actors = new Map(lines.map((line) => [line.actor.id, describeActor(line)]));
  if (asked.by && !actors.has(asked.by)) actors.set(asked.by, asked.by);
  return (
    <search className="mb-4 flex flex-col gap-3">
      <ChatIdField key={asked.chat} value={asked.chat} onChange={(chat) => onChange({ chat })} />
      <div className="flex flex-wrap items-end gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-44">
          <label htmlFor={ids.by} className="block text-soft text-xs">
            Deleted by
          </label>
          <select
            id={ids.by}
            value={asked.by}
            onChange={(event) => onChange({ by: event.target.value })}
            className={cn(fieldClasses, "mt-1 h-9!")}
          >
            <option value="">Anybody</option>
            {[...actors].map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </div>
        {(["from", "to"] as const).map((name) => (
          <div key={name}>
            <label htmlFor={ids[name]} className="block text-soft text-xs">
              {name === "from" ? "From" : "To"}
            </label>
            <Input
              id={ids[name]}
              type="date"
              className="mt-1 h-9! w-38!"
              value={asked[name]}
              onChange={(event) => onChange({ [name]: event.target.value })}
            />
          </div>
        ))}
      </div>
      <fieldset className="flex flex-wrap gap-1.5">
        <legend className="sr-only">Which deletions</legend>
        {states.map(({ value, label }) => (
          <label
            key={value}
            className={cn(
              "flex min-h-8 cursor-pointer items-center rounded-full border px-3 text-[0.8125rem] has-focus-visible:outline-2 has-focus-visible:outline-river has-focus-visible:outline-offset-2",
              asked.state === value
                ? "border-river bg-mist font-medium text-river"
                : "border-edge text-soft hover:bg-hover",
            )}
          >
            <input
              type="radio"
              name="state"
              value={value}
              checked={asked.state === value}
              onChange={() => onChange({ state: value })}
              className="sr-only"
            />
            {label}
          </label>
        ))}
        {names.some((name) => asked[name] !== "") ? (
          <Button
            size="sm"
            variant="ghost"
            onClick={() => onChange({ state: "", chat: "", by: "", from: "", to: "" })}
          >
            Clear filters
          </Button>
        ) : null}
      </fieldset>
    </search>
  );
}

/** Finds the line of one chat. What is typed counts once it is an id, and when it is empty again. */
function ChatIdField({ value, onChange }: { value: string; onChange: (chat: string) => void }) {
  const [typed, setTyped] = useState(value);
  const hint = useId();
  const isWrong = typed.trim() !== "" && !uuid.test(typed.trim());
  return (
    <div>
      <div className="relative">
        <Search aria-hidden="true" className="pointer-events-none absolute top-2.5 left-3 size-4 text-soft" />
        <Input
          type="text"
          role="searchbox"
          aria-label="Find a chat by its id"
          placeholder="Find a chat by its id"
          autoComplete="off"
          spellCheck={false}
          aria-invalid={isWrong}
          aria-describedby={hint}
          className="h-9! pl-9! font-mono text-[0.8125rem]!"
          value={typed}
          onChange={(event) => {
            const next = event.target.value;
            setTyped(next);
            if (uuid.test(next.trim()) || (next.trim() === "" && value !== ""))
              onChange(next.trim().toLowerCase());
          }}
        />
      </div>
      <p id={hint} className="mt-1 text-danger text-xs empty:hidden">
        {isWrong ? "The whole id of a chat: 8-4-4-4-12 hexadecimal digits" : null}
      </p>
    </div>
  );
}
