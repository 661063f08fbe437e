"use client";

import type { Settings } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { FormError } from "@/components/states.tsx";
import { Button } from "@/components/ui/button.tsx";
import { useOwnSession } from "@/features/session/own-session.tsx";
import { plural } from "@/lib/format.ts";
import { useUpdateSettings } from "./days-field.tsx";

/** Whether people need a second factor to come in. */
export function SecondFactorForm({
  settings: { require_second_factor: isRequired },
}: {
  settings: Settings;
}) {
  const { trpc } = useLethe();
  const { person } = useOwnSession();
  const { data: members } = useQuery(trpc.member.list.queryOptions());
  const update = useUpdateSettings(
    isRequired ? "Nobody needs a second factor any more" : "People need a second factor now",
  );
  const lacking = members?.data.filter(({ second_factor }) => second_factor === false).length ?? 0;
  return (
    <div className="flex flex-col items-start gap-3 rounded-xl border bg-card p-4">
      <p className="text-pretty text-sm">
        {isRequired
          ? "People who sign in by a password need a second factor to come in."
          : "Nobody needs a second factor."}
        {!isRequired && lacking > 0
          ? ` ${plural(lacking, "member")} ${lacking === 1 ? "has" : "have"} none: what they have open closes, and they turn one on before they go on.`
          : ""}
        {!isRequired && person && !person.hasSecondFactor ? " You are one of them." : ""}
      </p>
      <FormError error={update.error} />
      <Button
        disabled={update.isPending}
        onClick={() => update.mutate({ require_second_factor: !isRequired })}
      >
        {isRequired ? "Do not require it" : "Require a second factor"}
      </Button>
    </div>
  );
}
