const key = "signedIn";

/**
 * Whether someone signed in with this browser and didn't sign out. The session itself is in a cookie that pages can't read; without
 * this note every guest's page would ask for a session that isn't there.
 */
export function mayBeSignedIn(): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return true;
  }
}

export function noteSignedIn(isSignedIn: boolean): void {
  try {
    if (isSignedIn) localStorage.setItem(key, "yes");
    else localStorage.removeItem(key);
  } catch {
    // Then the server is asked each time.
  }
}
