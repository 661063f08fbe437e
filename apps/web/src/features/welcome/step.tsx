import type { ReactNode } from "react";

/** One suggestion of the welcome page. */
export function Step(props: { title: string; text: ReactNode; children: ReactNode }) {
  return (
    <li className="rounded-2xl border bg-card p-5">
      <h2 className="font-semibold text-base">{props.title}</h2>
      <p className="mt-1 text-pretty text-sm text-soft leading-relaxed">{props.text}</p>
      <div className="mt-3.5 flex flex-wrap items-center gap-2">{props.children}</div>
    </li>
  );
}
