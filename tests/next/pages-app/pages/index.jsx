import Head from "next/head";
import Link from "next/link";

export default function Home() {
  return (
    <>
      <Head>
        <title>Tents</title>
        <link rel="icon" href="data:," />
      </Head>
      <Link href="/products/dome?by=price#reviews">Dome Tent</Link>
    </>
  );
}
