import type { Metadata } from "next";
import type { ReactNode } from "react";
import { Analytics } from "./analytics";

export const metadata: Metadata = { title: "Tents", icons: "data:," };

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <Analytics>{children}</Analytics>
      </body>
    </html>
  );
}
