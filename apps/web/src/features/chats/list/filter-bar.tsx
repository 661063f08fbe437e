"use client";

import type { Chat } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { SlidersHorizontal, X } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { cn, fieldClasses, Input } from "@/components/ui/controls.tsx";
import { useOwnSession } from "@/features/session/own-session.tsx";
import { formatDay, plural } from "@/lib/format.ts";
import { describeTrasher } from "../trash/trashed-bar.tsx";
import { type FilterAddress, useFilterAddress } from "./filter-address.ts";
import {
  cleared,
  criteriaNames,
  hasCriteria,
  type ListFilter,
  type ListPlace,
  momentOf,
} from "./list-filter.ts";

type FilterBarProps = FilterAddress & {
  place: ListPlace;
  onChange: (part: Partial<ListFilter>) => void;
  /** Chats that are shown, whose people can be picked. */
  chats: Chat[];
};

const held: Options = [
  ["", "On hold or not"],
  ["true", "On hold"],
  ["false", "Not on hold"],
];
const live: Options = [
  ["", "Live or not"],
  ["true", "Live"],
  ["false", "Not live"],
];
const ages: Options = [
  ["", "Whenever"],
  ["7", "7 days"],
  ["30", "30 days"],
  ["90", "90 days"],
  ["365", "A year"],
];
/** By what a list is sorted: `sort` and `order`. */
const sorts: Record<ListPlace, Options> = {
  active: [
    [" ", "Newest activity"],
    [" oldest_first", "Oldest activity"],
    ["created ", "Newest first"],
    ["created oldest_first", "Oldest first"],
  ],
  trashed: [
    [" ", "Last deleted first"],
    [" oldest_first", "First deleted first"],
  ],
};

/** Which chats to show and in which order, and what of it is in force: each can be taken off. */
export function FilterBar(props: FilterBarProps) {
  const { place, filter, onChange } = props;
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  const people = usePeople(props, isOpen);
  useFilterAddress(props);
  return (
    <>
      <Button
        variant={place === "active" ? "ghost" : "outline"}
        size={place === "active" ? "icon" : "sm"}
        aria-label="Filter and sort"
        title="Filter and sort"
        aria-expanded={isOpen}
        aria-controls={id}
        className={isOpen || hasCriteria(filter) ? "text-river!" : ""}
        onClick={() => setIsOpen(!isOpen)}
        onKeyDown={(event) => {
          if (event.key === "Escape") setIsOpen(false);
        }}
      >
        <SlidersHorizontal aria-hidden="true" />
        {place === "active" ? null : "Filter and sort"}
      </Button>
      <div id={id} hidden={!isOpen} className="mt-2 w-full">
        {isOpen ? <FilterFields {...props} people={people} /> : null}
      </div>
      {hasCriteria(filter) ? (
        <ul aria-label="Filters in force" className="mt-2 flex w-full flex-wrap gap-1.5">
          {criteriaNames
            .filter((name) => filter[name] !== "")
            .map((name) => (
              <li key={name} className="max-w-full">
                <Chip onRemove={() => onChange({ [name]: "" })}>
                  {describe(name, filter[name], place, people)}
                </Chip>
              </li>
            ))}
          <li>
            <button
              type="button"
              className="min-h-7 rounded-md px-1.5 font-medium text-[0.8125rem] text-river hover:underline"
              onClick={() => onChange(cleared)}
            >
              Clear filters
            </button>
          </li>
        </ul>
      ) : null}
    </>
  );
}

function FilterFields({
  place,
  filter,
  onChange,
  people,
}: FilterBarProps & { people: ReadonlyMap<string, string> }) {
  const isDay = filter.older.includes("-");
  const before = useId();
  return (
    <fieldset className="grid grid-cols-2 gap-x-2 gap-y-2.5 rounded-xl border bg-card p-3">
      <legend className="sr-only">Which chats to show</legend>
      <Choice
        label="Hold"
        value={filter.held}
        options={held}
        onChange={(value) => onChange({ held: value })}
      />
      {place === "active" ? (
        <Choice
          label="Connections"
          value={filter.live}
          options={live}
          onChange={(value) => onChange({ live: value })}
        />
      ) : null}
      <Choice
        label="Not used for"
        value={isDay ? "" : filter.older}
        options={ages}
        onChange={(older) => onChange({ older })}
      />
      <div className="min-w-0">
        <label htmlFor={before} className="block text-soft text-xs">
          Or not since
        </label>
        <Input
          id={before}
          type="date"
          className="mt-1 h-9! px-2!"
          value={isDay ? filter.older : ""}
          onChange={(event) => onChange({ older: event.target.value })}
        />
      </div>
      <Choice
        label={place === "active" ? "Created by" : "Deleted by"}
        value={filter.by}
        options={[["", "Anybody"], ...people]}
        onChange={(by) => onChange({ by })}
      />
      <Choice
        label="Sort by"
        value={`${filter.sort} ${filter.order}`}
        options={sorts[place]}
        onChange={(value) => {
          const [sort = "", order = ""] = value.split(" ");
          onChange({ sort, order });
        }}
      />
    </fieldset>
  );
}

type Options = readonly (readonly [value: string, label: string])[];
type ChoiceProps = { label: string; value: string; options: Options; onChange: (value: string) => void };

function Choice({ label, value, options, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="block text-soft text-xs">
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={cn(fieldClasses, "mt-1 h-9! truncate px-2!")}
      >
        {options.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Something that is in force. A press takes it off. */
function Chip({ children, onRemove }: { children: ReactNode; onRemove: () => void }) {
  return (
    <button
      type="button"
      title="Remove this filter"
      className="flex min-h-7 max-w-full items-center gap-1 rounded-full border border-river bg-mist pr-1.5 pl-2.5 text-[0.8125rem] text-river hover:bg-chosen"
      onClick={onRemove}
    >
      <span className="sr-only">Remove filter: </span>
      <span className="truncate">{children}</span>
      <X aria-hidden="true" className="size-3.5 shrink-0" />
    </button>
  );
}

function describe(
  name: (typeof criteriaNames)[number],
  value: string,
  place: ListPlace,
  people: ReadonlyMap<string, string>,
): string {
  if (name === "held") return value === "true" ? "On hold" : "Not on hold";
  if (name === "live") return value === "true" ? "Live" : "Not live";
  if (name === "by")
    return `${place === "active" ? "Created by" : "Deleted by"} ${people.get(value) ?? value.slice(0, 8)}`;
  const day = value.includes("-") ? momentOf(value) : undefined;
  if (day) return `Not used since ${formatDay(day)}`;
  return value === "365" ? "Not used for a year" : `Not used for ${plural(Number(value), "day")}`;
}

/** Who can be picked: oneself, all members, and whoever else is named by the chats that are shown, such as a key. */
function usePeople({ place, filter, chats }: FilterBarProps, isOpen: boolean): ReadonlyMap<string, string> {
  const { trpc } = useLethe();
  const { actorId } = useOwnSession();
  const { data } = useQuery({
    ...trpc.member.list.queryOptions(),
    enabled: isOpen || filter.by !== "",
    retry: false,
  });
  const people = new Map([[actorId, "you"]]);
  for (const { person_id, name } of data?.data ?? []) if (person_id !== actorId) people.set(person_id, name);
  for (const chat of chats) {
    const by = place === "active" ? chat.created_by : chat.trashed_by;
    if (by && !people.has(by.id)) people.set(by.id, describeTrasher({ trashed_by: by }, actorId));
  }
  if (filter.by && !people.has(filter.by)) people.set(filter.by, filter.by);
  return people;
}
