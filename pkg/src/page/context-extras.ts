import { readCookie } from "./page";

/** The address's parameters with an advertising network's id (contract, §c.3). */
const AD_PARAMETERS: Record<string, string> = {
  btid: "dataxu",
  urid: "millennial-media",
};

/** The cookie that remembers the advertisement through which the visitor came. */
const REFERRER_COOKIE = "s%3Acontext.referrer";

function cookie(name: string): string | undefined {
  try {
    const found = readCookie(name);
    return found && decodeURIComponent(found);
  } catch {
    return undefined; // Cookies may be blocked: the event goes without it.
  }
}

function parsed(text: string | undefined): object | undefined {
  try {
    return text ? (JSON.parse(text) as object) : undefined;
  } catch {
    return undefined;
  }
}

/** The visitor's advertisement, from this page's address or an earlier one's. */
function adReferrer(): object | undefined {
  return adOfPage() ?? parsed(cookie(REFERRER_COOKIE));
}

/** The advertisement in the page's address, which is stored for later pages. */
export function adOfPage(): object | undefined {
  try {
    const query = new URLSearchParams(location.search);
    for (const parameter in AD_PARAMETERS) {
      const id = query.get(parameter);
      if (id) return { id, type: AD_PARAMETERS[parameter] };
    }
  } catch {
    // The page has a `URLSearchParams` of its own.
  }
  return undefined;
}

/** Members of every event's context that come from the page's address and cookies. */
export function contextExtras(): object | undefined {
  const referrer = adReferrer();
  const ga = cookie("_ga");
  const amp = /^amp/.test(ga ?? "") ? { id: ga } : undefined;
  return referrer || amp ? { referrer, amp } : undefined;
}
