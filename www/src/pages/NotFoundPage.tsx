import { Link } from "react-router";
import { CairnMark } from "../parts/CairnMark";

/** The page for unknown addresses. */
export function NotFoundPage() {
  return (
    <div className="page page-narrow">
      <title>Not found | Cairn & Co.</title>
      <div className="confirmation">
        <CairnMark />
        <h1>You have left the marked trail</h1>
        <p>There is no page at this address.</p>
        <Link to="/" className="button button-main">
          Back to the trailhead
        </Link>
      </div>
    </div>
  );
}
