"use client";

import { useEffect } from "react";
import { createLoader } from "@/lib/later.ts";
import { mayBeMarkdown } from "./may-be-markdown.ts";

const markdown = createLoader(() => import("./markdown.tsx").then((module) => module.Markdown));

/** What a message says, as Markdown where it is written so. Each paragraph runs in its own direction. */
export function MessageText({ text }: { text: string }) {
  const isMarked = mayBeMarkdown(text);
  const Markdown = markdown.use();
  useEffect(() => {
    if (isMarked) markdown.start();
  }, [isMarked]);
  if (isMarked && Markdown) return <Markdown text={text} />;
  return (
    <p className="whitespace-pre-wrap break-words text-[0.9375rem] leading-6 [overflow-wrap:anywhere] [unicode-bidi:plaintext]">
      {text}
    </p>
  );
}
