"use client";

import type { Token } from "markdown-it";
import { Fragment, type ReactNode, useMemo } from "react";
import { CopyButton } from "@/components/copy-button.tsx";
import { parser, safeHref } from "./markdown-parser.ts";

/**
 * A text in Markdown (CommonMark with tables and strikethrough) as elements of React. HTML is text, images are links, and a link
 * leads to the web or to an address of mail, or is text: nothing of a message is ever read as markup.
 */
export function Markdown({ text }: { text: string }) {
  const content = useMemo(() => elementsOf(parser.parse(text, {})), [text]);
  return (
    <div className="flex flex-col gap-2 break-words text-[0.9375rem] leading-6 [overflow-wrap:anywhere]">
      {content}
    </div>
  );
}

/** Makes elements of tokens, which come as a flat list: what opens one, what is in it, what closes it. */
function elementsOf(tokens: readonly Token[]): ReactNode[] {
  const root: ReactNode[] = [];
  const open: { token: Token; children: ReactNode[] }[] = [];
  tokens.forEach((token, key) => {
    if (token.nesting === 1) {
      open.push({ token, children: [] });
      return;
    }
    const closed = token.nesting === -1 ? open.pop() : undefined;
    const element = closed ? elementOf(closed.token, closed.children) : leafOf(token);
    (open.at(-1)?.children ?? root).push(<Fragment key={key}>{element}</Fragment>);
  });
  return root;
}

function elementOf(token: Token, children: ReactNode[]): ReactNode {
  switch (token.type) {
    case "paragraph_open":
      // In a list whose items are one line each, paragraphs are not meant to be seen.
      if (token.hidden) return children;
      // What is in a list or a quotation runs as that does: only so are its marks on the right side.
      return token.level === 0 ? <p dir="auto">{children}</p> : <p>{children}</p>;
    case "heading_open":
      // All of one level: the page has its own, and a message must not pretend to be a part of it.
      return (
        <h2 dir="auto" className={token.tag <= "h2" ? "font-semibold text-base" : "font-semibold"}>
          {children}
        </h2>
      );
    case "bullet_list_open":
      return (
        <ul dir="auto" className="list-disc ps-6">
          {children}
        </ul>
      );
    case "ordered_list_open":
      return (
        <ol dir="auto" start={Number(token.attrGet("start") ?? 1)} className="list-decimal ps-6">
          {children}
        </ol>
      );
    case "list_item_open":
      return <li className="[&>p+p]:mt-2">{children}</li>;
    case "blockquote_open":
      return (
        <blockquote dir="auto" className="flex flex-col gap-2 border-edge border-s-2 ps-3 text-soft">
          {children}
        </blockquote>
      );
    case "em_open":
      return <em>{children}</em>;
    case "strong_open":
      return <strong className="font-semibold">{children}</strong>;
    case "s_open":
      return <s>{children}</s>;
    case "link_open":
      return <Link href={safeHref(String(token.attrGet("href")))}>{children}</Link>;
    case "table_open":
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <div tabIndex={0} className="max-w-full overflow-x-auto">
          <table className="border-collapse text-sm">{children}</table>
        </div>
      );
    case "thead_open":
      return <thead>{children}</thead>;
    case "tbody_open":
      return <tbody>{children}</tbody>;
    case "tr_open":
      return <tr>{children}</tr>;
    case "th_open":
      return (
        <th dir="auto" className={`border bg-shore px-2.5 py-1 font-semibold ${alignmentOf(token)}`}>
          {children}
        </th>
      );
    case "td_open":
      return (
        <td dir="auto" className={`border px-2.5 py-1 ${alignmentOf(token)}`}>
          {children}
        </td>
      );
    default:
      return children;
  }
}

function leafOf(token: Token): ReactNode {
  switch (token.type) {
    case "inline":
      return elementsOf(token.children ?? []);
    case "softbreak":
    case "hardbreak":
      return <br />;
    case "code_inline":
      return <code className="rounded bg-mist px-1 py-0.5 font-mono text-[0.8125rem]">{token.content}</code>;
    case "fence":
    case "code_block":
      return (
        <CodeBlock text={token.content.replace(/\n$/, "")} language={token.info.trim().split(/\s/)[0]} />
      );
    case "hr":
      return <hr className="border-line" />;
    default:
      return token.content;
  }
}

function Link({ href, children }: { href: string | undefined; children: ReactNode }) {
  if (href === undefined) return children;
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="text-river underline underline-offset-2 hover:text-river-strong"
    >
      {children}
    </a>
  );
}

/** Code, with its language and a button that copies it. It runs from left to right in any language. */
function CodeBlock({ text, language }: { text: string; language: string | undefined }) {
  return (
    <div dir="ltr" className="overflow-hidden rounded-lg border bg-shore">
      <div className="flex items-center justify-between border-b py-0.5 pr-1 pl-3 text-soft text-xs">
        <span className="truncate">{language || "Code"}</span>
        <CopyButton text={text} label="Copy code" />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0} className="overflow-x-auto px-3 py-2 font-mono text-[0.8125rem] leading-5">
        <code>{text}</code>
      </pre>
    </div>
  );
}

const alignments: Record<string, string> = {
  "text-align:center": "text-center",
  "text-align:right": "text-end",
};

function alignmentOf(token: Token): string {
  return alignments[token.attrGet("style") ?? ""] ?? "text-start";
}
