import { EntranceFrame } from "@/features/session/entrance-frame.tsx";
import { ResetPanel } from "@/features/session/reset-panel.tsx";

/** Where an operator's link leads. What opens it stands behind the #, which no server and no log gets to see. */
export default function ResetPage() {
  return (
    <EntranceFrame title="A new password" text="It ends every session that you have.">
      <ResetPanel />
    </EntranceFrame>
  );
}
