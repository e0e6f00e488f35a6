#!/usr/bin/env node
// @ts-check
// The command `waymark`: finds the subcommand, and turns what it throws into one line and an exit
// code.
import { doctor } from "./commands/doctor.mjs";
import { CALLS, sendEvent } from "./commands/event.mjs";
import { Failure, UsageError } from "./commands/failure.mjs";
import { types } from "./commands/types.mjs";

const USAGE = `Usage: waymark identify USER [TRAITS]
       waymark track USER EVENT [PROPERTIES]
       waymark page USER [NAME] [PROPERTIES]
       waymark screen USER [NAME] [PROPERTIES]
       waymark group USER GROUP [TRAITS]
       waymark alias USER PREVIOUS_ID
       waymark doctor [URL] [--origin ORIGIN] [--no-event]
       waymark types PLAN.json [--out FILE.d.ts] [--check]

The first six send one event to a gateway. TRAITS and PROPERTIES are JSON objects. For a visitor
without an account, USER is - and --anonymous-id has the id.
doctor checks a gateway: its host, clock, CORS, key, and whether an event is stored, once.
types writes TypeScript types of a tracking plan, to standard output where no file is given. --check
writes nothing, and fails where the file is not what would be written.

Options of all but types:
  --host URL           the gateway's address (or WAYMARK_HOST)
  --key KEY            the write key (or WAYMARK_WRITE_KEY, or SEGMENT_WRITE_KEY)
Options of events:
  --anonymous-id ID    the visitor's anonymous id
  --message-id ID      the event's id, by which a repetition counts once
  --timestamp TIME     when it happened, in ISO 8601; now by default
  --context JSON       the event's context, such as {"ip":"203.0.113.9"}
  --dry-run            prints the request and sends nothing

Exit codes: 0 done, 1 refused, not reachable or not right, 2 wrong usage.
`;

/** @type {Record<string, (args: string[]) => Promise<void>>} */
const COMMANDS = { doctor, types };
for (const call of CALLS) COMMANDS[call] = (args) => sendEvent(call, args);

const [named = "", ...args] = process.argv.slice(2);
// `segment:track` and its like are other names of the same commands.
const command = COMMANDS[named.replace(/^segment:/, "")];
if (named === "--help" || named === "help" || args.includes("--help")) {
  process.stdout.write(USAGE);
} else if (!command) {
  const why = named ? `there is no command ${named}\n` : "";
  process.stderr.write(`${why && `waymark: ${why}`}${USAGE}`);
  process.exitCode = 2;
} else {
  try {
    await command(args);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    process.stderr.write(`waymark: ${error.message}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
