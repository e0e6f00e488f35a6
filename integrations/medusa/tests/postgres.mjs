// @ts-check
// A PostgreSQL of the tests' own, on a free port, gone afterwards.
import { execFile } from "node:child_process";
import { chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The folder of the server's programs: Debian keeps them off the path. */
async function programs() {
  const base = "/usr/lib/postgresql";
  const versions = await readdir(base).catch(() => []);
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  return newest ? join(base, newest, "bin") : "";
}

/** A port that nobody uses. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

/**
 * Starts a server. PostgreSQL never runs as root: then it runs as Debian's user `postgres`.
 *
 * @returns {Promise<{ url: (database: string) => string,
 *   sql: (database: string, text: string) => Promise<string>, stop: () => Promise<void> }>}
 */
export async function startPostgres() {
  const bin = await programs();
  const folder = await mkdtemp(join(tmpdir(), "waymark-postgres-"));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    const { stdout } = await run("id", ["--user", "postgres"]);
    await chown(folder, Number(stdout), -1);
  }
  /** @param {string} program @param {string[]} args */
  const as = (program, args) =>
    isRoot
      ? run("runuser", ["-u", "postgres", "--", join(bin, program), ...args], {
          cwd: "/",
        })
      : run(join(bin, program), args);
  const data = join(folder, "data");
  const port = await freePort();
  const initial = ["--auth=trust", "--username=postgres", "--no-sync"];
  await as("initdb", ["--pgdata", data, ...initial]);
  const settings = [
    ...[`-p ${port}`, "-c listen_addresses=127.0.0.1"],
    // Nothing of it has to survive the machine, and CI's disks are slow.
    ...[
      "-c unix_socket_directories=",
      "-c fsync=off",
      "-c full_page_writes=off",
    ],
  ];
  const log = join(folder, "log");
  const options = ["--log", log, "--wait", "--options", settings.join(" ")];
  await as("pg_ctl", ["start", "--pgdata", data, ...options]);
  return {
    url: (database) => `postgres://postgres@127.0.0.1:${port}/${database}`,
    sql: async (database, text) => {
      const where = [
        "--host=127.0.0.1",
        `--port=${port}`,
        "--username=postgres",
      ];
      const how = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"];
      const { stdout } = await run(join(bin, "psql"), [
        ...where,
        ...how,
        ...["--dbname", database, "--command", text],
      ]);
      return stdout.trim();
    },
    stop: async () => {
      await as("pg_ctl", ["stop", "--pgdata", data, "--mode=immediate"]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
