"use client";

import { ShieldOff } from "lucide-react";
import type { ReactNode } from "react";
import { roleNames } from "@/features/people/roles.ts";
import { useOwnSession } from "./own-session.tsx";

/** In the place of something that one may not do: what it is, and whom to ask. */
export function NotYours({ what, children }: { what: string; children?: ReactNode }) {
  const { tenant, person, isDemo } = useOwnSession();
  return (
    <div className="flex gap-3 rounded-xl border border-dashed p-4 text-sm">
      <ShieldOff aria-hidden="true" className="mt-0.5 size-4.5 shrink-0 text-soft" />
      <div className="min-w-0">
        <p className="font-medium">{what}</p>
        <p className="mt-1 text-pretty text-soft">
          {isDemo && !person
            ? "The demo has no people: in a tenant of your own its owners do this here."
            : person && tenant.role
              ? `As ${roleNames[tenant.role].toLowerCase()} you may not. Ask an owner of ${tenant.name}.`
              : "The API key that signed this browser in may not. Sign in as an owner, or with a key that may."}
        </p>
        {children}
      </div>
    </div>
  );
}
