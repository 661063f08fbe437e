"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { PageFrame } from "@/components/page-frame.tsx";
import { cn } from "@/components/ui/controls.tsx";
import { useOwnSession } from "@/features/session/own-session.tsx";

const pages = [
  { href: "/settings", name: "General" },
  { href: "/settings/members", name: "Members" },
  { href: "/settings/keys", name: "API keys" },
  { href: "/settings/account", name: "Your account" },
] as const;

/** A page of the settings, with the way to the others. */
export function SettingsFrame({ children }: { children: ReactNode }) {
  const { person } = useOwnSession();
  const pathname = usePathname();
  const offered = pages.filter(({ href }) => person !== null || href !== "/settings/account");
  return (
    <PageFrame title="Settings">
      <nav aria-label="Settings" className="mb-6 flex flex-wrap gap-x-1 border-b">
        {offered.map(({ href, name }) => (
          <Link
            key={href}
            href={href}
            aria-current={pathname === href ? "page" : undefined}
            className={cn(
              "-mb-px flex min-h-9 items-center border-b-2 px-2.5 font-medium text-sm hover:text-ink",
              pathname === href ? "border-river text-ink" : "border-transparent text-soft",
            )}
          >
            {name}
          </Link>
        ))}
      </nav>
      {children}
    </PageFrame>
  );
}
