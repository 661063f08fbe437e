import type { TenantEvent } from "@lethe/api/schemas";

type DeletedEvent = Extract<TenantEvent, { type: "chat.deleted" }>;

export type EventQueueOptions = {
  /** Takes one event. */
  apply: (event: TenantEvent) => void;
  /** Takes deletions that follow each other, all at once. */
  applyDeletions: (events: DeletedEvent[]) => void;
  signal: AbortSignal;
};

/** For how long events gather after others have been applied; milliseconds. */
const gathering = 50;
/** For how long the page may be busy with events before it gets a turn itself; milliseconds. */
const slice = 10;
/** Deletions that are applied at once. */
const most = 1_000;

/**
 * Applies events in their order. A lone one is applied at once. Of many, such as those of a job that
 * deletes thousands of chats, those that gather within a moment are applied together, and the page gets
 * its turn in between: it stays usable whatever arrives.
 */
export function createEventQueue({ apply, applyDeletions, signal }: EventQueueOptions) {
  let waiting: TenantEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastEnd = Number.NEGATIVE_INFINITY;

  function work(): void {
    timer = undefined;
    const deadline = performance.now() + slice;
    let done = 0;
    while (done < waiting.length && performance.now() < deadline) {
      const deletions = deletionsFrom(waiting, done);
      const [event] = waiting.slice(done, done + 1);
      if (deletions.length > 1) applyDeletions(deletions);
      else if (event) apply(event);
      done += Math.max(1, deletions.length);
    }
    waiting = waiting.slice(done);
    lastEnd = performance.now();
    if (waiting.length > 0) timer = setTimeout(work, 0);
  }

  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    waiting = [];
  });
  return (event: TenantEvent): void => {
    waiting.push(event);
    if (timer !== undefined || signal.aborted) return;
    if (performance.now() - lastEnd >= gathering) work();
    else timer = setTimeout(work, gathering);
  };
}

/** The run of deletions that begins at `from`. */
function deletionsFrom(events: readonly TenantEvent[], from: number): DeletedEvent[] {
  const run: DeletedEvent[] = [];
  for (let at = from; at < events.length && run.length < most; at += 1) {
    const event = events[at];
    if (event?.type !== "chat.deleted") break;
    run.push(event);
  }
  return run;
}
