import { findEntrances } from "@/features/session/current-session.ts";
import { EntranceFrame } from "@/features/session/entrance-frame.tsx";
import { JoinPanel } from "@/features/session/join-panel.tsx";

/** Where an invitation leads. What opens it stands behind the #, which no server and no log gets to see. */
export default async function JoinPage() {
  const { signedInAs, provider } = await findEntrances();
  return (
    <EntranceFrame
      title="You are invited"
      text="to a tenant of Lethe, which keeps chats and can forget them."
    >
      <JoinPanel signedInAs={signedInAs} provider={provider} />
    </EntranceFrame>
  );
}
