import type { Context, EventProperties } from "@segment/analytics-next";
import { useEffect, useState } from "react";
import { analytics } from "./analytics";

interface Product extends EventProperties {
  sku: string;
  price: number;
}

const TENT: Product = { sku: "t-1", price: 240.5, tags: ["new", "blue"] };

export function Shop({ onVisit }: { onVisit: () => Promise<void> }) {
  const [said, setSaid] = useState("");
  useEffect(() => {
    void onVisit();
  }, [onVisit]);
  const add = async () => {
    const ctx: Context = await analytics.track("Product Added", TENT);
    setSaid(`${ctx.event.type} ${ctx.event.event}`);
  };
  return (
    <main>
      <button onClick={() => void add()}>Add to cart</button>
      <output>{said}</output>
    </main>
  );
}
