import { useState } from "react";

/** What a dialog shows: `value`, and while the dialog fades out, when that is null already, what it was. */
export function useLastShown<Value>(value: Value | null): Value | null {
  const [shown, setShown] = useState(value);
  if (value !== null && value !== shown) setShown(value);
  return shown;
}
