// @ts-check
// BETTER.md: where Waymark differs from Segment's client on purpose, and why.

/** @param {import("./scenario.mjs").Scenario[]} scenarios */
export function betterTable(scenarios) {
  const rows = scenarios
    .filter(({ better }) => better)
    .map(({ topic, name, better }) => `| ${topic} | ${name} | ${better} |`);
  return `# Where Waymark differs from \`@segment/analytics-next\`, on purpose

Every line is a scenario that runs in Chromium with both libraries: Waymark meets its expectation,
Segment's client does not. All other scenarios have the same outcome with both. Written by
\`node tests/conformance/run.mjs --write-better\`.

<!-- prettier-ignore -->
| topic | scenario | why |
| --- | --- | --- |
${rows.join("\n")}
`;
}
