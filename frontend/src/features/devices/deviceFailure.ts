/** Why a camera or microphone can't be used. */
export type DeviceFailure =
  /** The browser doesn't let this page use it. */
  | "denied"
  /** The operating system doesn't let the browser use it. */
  | "deniedBySystem"
  /** The operating system, or a switch of the device, keeps it silent or black. */
  | "mutedBySystem"
  /** Another program has it. */
  | "inUse"
  /** There is none. */
  | "notFound"
  /** It was there and was unplugged. */
  | "unplugged"
  /** The page wasn't loaded over HTTPS. */
  | "insecure"
  | "unknown";

/** What an error of `getUserMedia` means (W3C Media Capture and Streams, section 10.6). */
export function deviceFailure(error: unknown): DeviceFailure {
  const name = error instanceof Error || isNamed(error) ? error.name : "";
  const message = isNamed(error) ? (error.message ?? "").toLowerCase() : "";
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return message.includes("system") ? "deniedBySystem" : "denied";
    case "NotReadableError":
    case "AbortError":
      return "inUse";
    case "NotFoundError":
    case "OverconstrainedError":
      return "notFound";
    default:
      return "unknown";
  }
}

/** The browser's family, for instructions. */
export type BrowserFamily = "chrome" | "firefox" | "safari" | "other";

export function browserFamily(userAgent: string): BrowserFamily {
  if (/Firefox\/|FxiOS/.test(userAgent)) return "firefox";
  if (/Chrome\/|Chromium\/|CriOS|Edg\//.test(userAgent)) return "chrome";
  if (/Safari\//.test(userAgent)) return "safari";
  return "other";
}

function isNamed(error: unknown): error is { name: string; message?: string } {
  return typeof error === "object" && error !== null && "name" in error && typeof error.name === "string";
}
