interface Saving extends Navigator {
  connection?: { saveData?: boolean };
  getBattery?: () => Promise<{ charging: boolean; level: number }>;
}

const LOW_BATTERY = 0.2;

/** How much decoration a person wants and their device can spare: `full`, `still` with reduced motion, else `none`. */
export async function decorationLevel(): Promise<"full" | "still" | "none"> {
  const device = navigator as Saving;
  if (device.connection?.saveData) return "none";
  if (matchMedia("(prefers-reduced-data: reduce)").matches) return "none";
  const battery = await device.getBattery?.().catch(() => undefined);
  if (battery && !battery.charging && battery.level <= LOW_BATTERY) return "none";
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "still" : "full";
}
