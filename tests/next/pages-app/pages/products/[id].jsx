import Head from "next/head";
import Link from "next/link";
import { useRouter } from "next/router";

/** Rendered without its parameter, which comes when the router is ready. */
export default function Product() {
  const { id = "" } = useRouter().query;
  return (
    <>
      <Head>
        <title>{`Product ${id}`}</title>
        <link rel="icon" href="data:," />
      </Head>
      <Link href="/">All tents</Link>
    </>
  );
}
