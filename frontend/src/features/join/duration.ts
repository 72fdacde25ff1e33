/** Seconds as hours, minutes and seconds, rounded down. */
export function duration(total: number): { hours: number; minutes: number; seconds: number } {
  const whole = Math.max(0, Math.floor(total));
  return { hours: Math.floor(whole / 3600), minutes: Math.floor((whole % 3600) / 60), seconds: whole % 60 };
}
