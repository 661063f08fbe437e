"use client";

import { ArrowLeft } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { type ReactNode, useId } from "react";
import { cn } from "@/components/ui/controls.tsx";
import { buttonVariants } from "./ui/controls.tsx";

type PageFrameProps = {
  title: string;
  /** What the page is for, in a sentence. */
  description?: ReactNode;
  /** Where the arrow leads; without it back to the chats, and only where the list is not beside the page. */
  back?: { href: Route; label: string };
  /** Buttons at the right of the title. */
  actions?: ReactNode;
  children: ReactNode;
};

const toChats: NonNullable<PageFrameProps["back"]> = { href: "/chats", label: "Back to all chats" };

/** A page beside the list of chats: a heading that stays, and a body that scrolls. */
export function PageFrame({ title, description, back, actions, children }: PageFrameProps) {
  const { href, label } = back ?? toChats;
  return (
    <>
      <header className="flex min-h-15 flex-wrap items-center gap-2 border-b px-3 py-2.5 md:px-5">
        <Link
          href={href}
          aria-label={label}
          className={cn(buttonVariants({ variant: "ghost", size: "icon" }), !back && "md:hidden")}
        >
          <ArrowLeft aria-hidden="true" />
        </Link>
        <h1 className="line-clamp-2 min-w-0 flex-1 basis-24 break-words font-semibold text-lg tracking-tight">
          {title}
        </h1>
        {actions}
      </header>
      <section
        aria-label={title}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto outline-offset-[-3px]"
      >
        <div className="mx-auto w-full max-w-3xl px-4 py-5 sm:px-6">
          {description ? <p className="mb-5 text-pretty text-sm text-soft">{description}</p> : null}
          {children}
        </div>
      </section>
    </>
  );
}

/** A part of a page with a heading of its own. */
export function Section(props: {
  title: string;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="mb-8">
      <div className="mb-3 flex flex-wrap items-end gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <h2 id={id} className="font-semibold tracking-tight">
            {props.title}
          </h2>
          {props.description ? (
            <p className="mt-1 text-pretty text-sm text-soft">{props.description}</p>
          ) : null}
        </div>
        {props.actions}
      </div>
      {props.children}
    </section>
  );
}

/** A line of a description list (`dl`): a name, and what it is. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 gap-y-1 px-4 py-3 text-sm sm:grid-cols-[9rem_minmax(0,1fr)]">
      <dt className="text-soft">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}
