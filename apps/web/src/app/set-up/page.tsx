import Link from "next/link";
import { redirect } from "next/navigation";
import { findEntrances } from "@/features/session/current-session.ts";
import { EntranceFrame } from "@/features/session/entrance-frame.tsx";
import { SetUpForm } from "@/features/session/set-up-form.tsx";

export default async function SetUpPage() {
  if ((await findEntrances()).people) redirect("/sign-in");
  return (
    <EntranceFrame
      title="Set up Lethe"
      text="Nobody has an account here yet. The first one owns it, and invites the others."
      foot={
        <Link
          href="/sign-in"
          className="inline-flex min-h-6 items-center font-medium text-river hover:underline"
        >
          Back to signing in
        </Link>
      }
    >
      <SetUpForm />
    </EntranceFrame>
  );
}
