/** Where to go after signing in: a path of these pages, never another site, whatever the link said. */
export function safeDestination(search: string): string {
  const wished = new URLSearchParams(search).get("then") ?? "";
  if (!wished.startsWith("/")) return "/meetings";
  const here = "https://here.invalid";
  const url = new URL(wished, here);
  return url.origin === here ? url.pathname + url.search : "/meetings";
}
