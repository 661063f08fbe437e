import type { EventsStatus } from "@lethe/client/react";
import { CloudOff } from "lucide-react";
import { useEffect, useState } from "react";

/** How long the connection may be away before it is worth a word; milliseconds. */
const patience = 3_000;

/** Says that the list is not live while the connection is away. */
export function ConnectionNote({ status }: { status: EventsStatus }) {
  const [isAway, setIsAway] = useState(false);
  useEffect(() => {
    if (status === "live") return setIsAway(false);
    const timer = setTimeout(() => setIsAway(true), patience);
    return () => clearTimeout(timer);
  }, [status]);
  if (!isAway) return null;
  return (
    <p className="flex items-center gap-2 border-t px-5 py-2.5 text-soft text-xs">
      <CloudOff aria-hidden="true" className="size-4 shrink-0" />
      {status === "refused" ? "Too many are watching at once." : "No connection."} The list catches up once it
      is back.
    </p>
  );
}
