"use client";

import { useEffect, useState } from "react";

/**
 * The devices of one kind, as they come and go. None before a permission was given: until then browsers tell neither names
 * nor ids.
 */
export function useDevices(kind: MediaDeviceKind, permitted: boolean): MediaDeviceInfo[] {
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([]);

  useEffect(() => {
    const source = navigator.mediaDevices;
    if (!source) return undefined;
    let isCurrent = true;
    const read = () =>
      void source.enumerateDevices().then((all) => {
        if (isCurrent) setDevices(permitted ? all.filter((device) => device.kind === kind && device.deviceId) : []);
      });
    read();
    source.addEventListener("devicechange", read);
    return () => {
      isCurrent = false;
      source.removeEventListener("devicechange", read);
    };
  }, [kind, permitted]);

  return devices;
}
