import { ownPageSchema } from "@lethe/api/schemas";
import { redirect } from "next/navigation";
import { findEntrances } from "@/features/session/current-session.ts";
import { EntranceFrame } from "@/features/session/entrance-frame.tsx";
import { explainRefusal } from "@/features/session/explain-refusal.ts";
import { SignInPanel } from "@/features/session/sign-in-panel.tsx";

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const { next, refused } = await searchParams;
  const path = safePath(next);
  const entrances = await findEntrances();
  if (entrances.isSignedIn) redirect(path);
  return (
    <EntranceFrame
      title="Lethe"
      text="Keeps your chats. Forgets them for good when you say so."
      foot={
        entrances.people ? (
          "No account? An owner of your tenant invites you."
        ) : (
          <>
            Make a key on the server with{" "}
            <code className="rounded bg-hover px-1 py-0.5 font-mono text-[0.6875rem]">
              pnpm lethe key create
            </code>
          </>
        )
      }
    >
      <SignInPanel
        entrances={entrances}
        next={path}
        refused={explainRefusal(typeof refused === "string" ? refused : null)}
      />
    </EntranceFrame>
  );
}

/** Where to go after signing in. Whatever could lead elsewhere leads to the list. */
function safePath(next: unknown): "/chats" {
  return isPage(next) ? next : "/chats";
}

const isPage = (path: unknown): path is "/chats" => ownPageSchema.safeParse(path).success;
